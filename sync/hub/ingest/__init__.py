"""Batches in, receipts out: every entry of every door's journal, exactly once."""
