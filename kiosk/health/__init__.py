"""What is wrong with the kiosk: one check a file, each with what to do about it."""
