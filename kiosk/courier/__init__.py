"""The local socket: batches out to the sync worker, receipts and bundles in from it."""
