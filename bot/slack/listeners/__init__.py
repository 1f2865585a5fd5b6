"""Listeners: what people ask for in Slack; each one parses, commits, and acks."""
