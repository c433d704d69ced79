"""Mirrors sync/hub."""
