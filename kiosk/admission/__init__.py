"""Pass, rulebook, presence and time in; verdict out. Pure: no I/O and no clock."""
