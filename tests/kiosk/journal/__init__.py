"""Tests of kiosk.journal."""
