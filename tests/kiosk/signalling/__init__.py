"""Tests of kiosk.signalling."""
