"""A Slack bot that builds PlayCanvas apps: one command, one card, one reply."""
