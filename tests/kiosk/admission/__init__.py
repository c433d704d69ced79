"""Tests of the verdict and of the rules behind it."""
