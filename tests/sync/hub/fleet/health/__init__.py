"""As `sync/hub/fleet/health`."""
