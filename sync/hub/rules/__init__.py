"""What doors judge by: the published rulebooks, and whose health certificates count."""
