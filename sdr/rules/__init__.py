"""What is decided: pure functions. No session, no clock, no file, no screen."""
