"""Who came when and left when, by employee and working day, for the personnel office."""
