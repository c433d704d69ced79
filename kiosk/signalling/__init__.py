"""Verdict or state in; light, sound and words out."""
