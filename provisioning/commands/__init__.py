"""One file per command of `gapura-provision`."""
