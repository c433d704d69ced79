"""The SD card's image: its pure parts, and (script/test-image) the image itself, booted."""
