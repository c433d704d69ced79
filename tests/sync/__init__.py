"""Tests of what goes between door and hub."""
