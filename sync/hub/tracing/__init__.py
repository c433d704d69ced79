"""Who was in the same place at the same time, and how many were where."""
