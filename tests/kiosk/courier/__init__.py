"""Tests of kiosk.courier."""
