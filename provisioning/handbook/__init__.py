"""The handbook of two pages for whoever puts a kiosk together, made from what the code uses."""
