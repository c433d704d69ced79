"""What `gapura-hub` can be told to do, one file each."""
