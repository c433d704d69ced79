"""Updates of the door's and the courier's programs: made, installed beside, tried, taken back."""
