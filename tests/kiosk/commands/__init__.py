"""Tests of the commands of gapura-kiosk."""
