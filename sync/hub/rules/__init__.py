"""The rulebooks that were published."""
