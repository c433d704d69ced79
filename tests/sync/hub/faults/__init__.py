"""A fleet, its couriers, a line that spoils what it can, and the hub."""
