"""Tests of what reads a pass."""
