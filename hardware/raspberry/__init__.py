"""Drivers for a Raspberry Pi: its CSI camera, its pins and what it says about itself."""
