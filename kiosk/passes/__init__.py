"""Payload in, pass or reason out. Pure: no I/O, no clock, and no bytes make it raise."""
