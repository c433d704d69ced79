"""What a cut of the power, a kill or a failing card leaves of what the door has recorded."""
