"""Tests of kiosk.health."""
