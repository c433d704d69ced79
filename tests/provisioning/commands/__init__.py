"""Tests of the commands of gapura-provision."""
