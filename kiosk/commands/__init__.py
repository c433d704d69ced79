"""What gapura-kiosk can be told to do, one file a command."""
