"""The sandbox's PlayCanvas: its REST API over HTTP, read from the facts and not from our client."""

from bot.sandbox.playcanvas.jobs import Behaviour
from bot.sandbox.playcanvas.sandbox import PlayCanvasSandbox, Received
from bot.sandbox.playcanvas.world import App, Branch, Checkpoint, Project, Scene, World

__all__ = [
    "App",
    "Behaviour",
    "Branch",
    "Checkpoint",
    "PlayCanvasSandbox",
    "Project",
    "Received",
    "Scene",
    "World",
]
