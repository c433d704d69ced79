"""One file per format that the door can read."""
