"""One file for each thing that can be wrong with a kiosk. Pure."""
