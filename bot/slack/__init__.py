"""Slack: the only room that knows its wire, its blocks and its rules."""
