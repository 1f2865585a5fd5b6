"""Chaos: the bot's processes are killed in bad weather; nothing may be lost or doubled."""
