"""What data protection asks of the hub: who did what, how long it is kept, what is held on whom."""
