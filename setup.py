"""Kept beside pyproject.toml, which holds the metadata, for tools that still call setup.py."""

from setuptools import setup

setup()
