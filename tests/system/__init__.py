"""The whole house: real processes, from the picture of a phone to the hub's database."""
