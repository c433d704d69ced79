"""The pages that people look at, and who may."""
