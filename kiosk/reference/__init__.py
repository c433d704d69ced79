"""What the hub last published to this door: checked, put in place whole, asked at every scan."""
