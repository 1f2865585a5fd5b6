"""Messages: pure functions from values to blocks; one message, one file."""
