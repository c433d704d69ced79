"""The steps by which this app's tables came about."""
