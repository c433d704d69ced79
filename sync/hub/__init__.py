"""Diskominfo's end: takes in what doors send, issues what doors read, and shows both."""
