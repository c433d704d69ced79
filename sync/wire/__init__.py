"""Every signed or sealed message as bytes: building, parsing and checking them, with no I/O."""
