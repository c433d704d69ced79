"""Tests of kiosk.reference."""
