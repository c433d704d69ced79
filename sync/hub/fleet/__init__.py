"""Offices, sites, doors and devices: who may send, and what each door is told."""
