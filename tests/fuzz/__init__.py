"""Codes bent in every way that comes to mind: none is a pass, an exception, or a burden."""
