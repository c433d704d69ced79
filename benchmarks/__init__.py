"""Measurements that are run by hand, never by the tests."""
