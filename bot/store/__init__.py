"""The store: the only room that knows SQL, and the only way from one room to another."""

from bot.store.store import Store

__all__ = ["Store"]
