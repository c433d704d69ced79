"""Mirrors sync/hub/tracing."""
