"""The setup helper, the one program with privileges: network and clock, by a verified card."""
