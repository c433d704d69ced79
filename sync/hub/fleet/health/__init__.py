"""What is wrong with which kiosk: one file a rule, what was told hour by hour, alerts."""
