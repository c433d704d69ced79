"""The bench test of a new kiosk: every configured part is opened and tried."""
