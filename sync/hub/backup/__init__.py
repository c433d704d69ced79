"""Backups of the hub: database, keys and what is made by hand in one sealed file; and back."""
