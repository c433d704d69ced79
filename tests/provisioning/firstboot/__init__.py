"""Tests of the setup helper."""
