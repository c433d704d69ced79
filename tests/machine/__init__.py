"""A Linux kernel of its own, run as a program, with GPIO lines and a watchdog that are real."""
