"""The command line: demo, serve, work, migrate, doctor, manifest."""
