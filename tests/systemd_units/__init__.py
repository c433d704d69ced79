"""Tests of the units that systemd is given."""
