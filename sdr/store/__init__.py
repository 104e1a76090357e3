"""Where it lives: one SQLite file, one journal, one way to write and one way to read."""
