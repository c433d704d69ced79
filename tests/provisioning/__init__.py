"""Tests of making a kiosk ready."""
