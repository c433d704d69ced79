"""Tests of what reads a frame. Photographs come from GAPURA_DATA."""
