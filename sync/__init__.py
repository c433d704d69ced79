"""Everything that travels between a door and Diskominfo's hub, and both ends of the road."""
