"""Every figure we quote, as a command that prints it: `python -m bench`."""
