"""The door: reads a code, judges the pass, keeps the visit, lights the lamp. No network."""
