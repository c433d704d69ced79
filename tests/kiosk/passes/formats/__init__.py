"""Tests of each format that the door reads."""
