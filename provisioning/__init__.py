"""Makes a new kiosk ready for its door: the card that enrols it, and the test on the bench."""
