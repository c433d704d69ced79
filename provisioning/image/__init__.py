"""The SD card's image: one file for all doors, built from packages, described and signed."""
