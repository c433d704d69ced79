"""Pages about rulebooks: what is in force, drafts and who publishes them, trial and try-out."""
