"""What stands in for a part that is not fitted: it answers, and does nothing."""
