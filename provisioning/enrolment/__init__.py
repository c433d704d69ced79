"""Enrolment cards as a technician handles them: read, and shown to a kiosk's camera."""
