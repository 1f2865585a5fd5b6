"""Workers: loops that claim one thing, do it, and record it."""
