"""PlayCanvas's REST API as values and named errors; a library that happens to live here."""

from bot.playcanvas.client import Limiter, Observer, PlayCanvas
from bot.playcanvas.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    PlayCanvasError,
    RateLimited,
    Refused,
    Unavailable,
    Unexpected,
)
from bot.playcanvas.limits import RateClass, RateLimit
from bot.playcanvas.models import (
    App,
    AppExport,
    Branch,
    Checkpoint,
    Limits,
    RemoteJob,
    RemoteStatus,
    Scene,
)

__all__ = [
    "App",
    "AppExport",
    "Branch",
    "Checkpoint",
    "Invalid",
    "Limiter",
    "Limits",
    "NotAllowed",
    "NotFound",
    "Observer",
    "PlayCanvas",
    "PlayCanvasError",
    "RateClass",
    "RateLimit",
    "RateLimited",
    "Refused",
    "RemoteJob",
    "RemoteStatus",
    "Scene",
    "Unavailable",
    "Unexpected",
]
