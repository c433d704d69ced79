"""Tests of every message as bytes. The COSE examples come from GAPURA_DATA."""
