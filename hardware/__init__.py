"""The parts of a kiosk: what each can do, its drivers, and the catalogue that picks one."""
