"""Drivers for a laptop: pictures, recordings, streams and webcams, and a lamp in the terminal."""
