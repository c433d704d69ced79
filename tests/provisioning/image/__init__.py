"""Tests of the image: what goes into it, how it is laid out, and what is published of it."""
