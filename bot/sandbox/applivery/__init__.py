"""The sandbox's Applivery: both bases over HTTP, read from the facts and not from our client."""

from bot.sandbox.applivery.sandbox import AppliverySandbox, Received

__all__ = ["AppliverySandbox", "Received"]
