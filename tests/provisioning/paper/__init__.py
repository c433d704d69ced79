"""Tests of what is drawn for paper."""
