"""The core: what a build is and what may happen to it; no I/O, no await, no clock."""
