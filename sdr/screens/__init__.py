"""What the rep sees: one screen a file, its style beside it."""
