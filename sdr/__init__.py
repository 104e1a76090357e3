"""The desk: a keyboard-driven terminal workspace for sales development reps."""

__version__ = "0.1.0"
