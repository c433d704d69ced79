"""Parts without hardware: they remember what they did, and the camera draws a phone."""
