"""Every read of the desk: plain SQL in, frozen rows out. One file per part of the day."""
