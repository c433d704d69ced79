"""Who holds a pass, and which passes there are."""
