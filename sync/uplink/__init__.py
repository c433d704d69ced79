"""The courier: carries sealed bytes between the door's socket and the hub, and keeps no key."""
