"""Who holds a pass or is on the roster, and which passes there are."""
