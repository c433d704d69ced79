"""Verdicts in; sealed, durable, append-only entries and signed batches out."""
