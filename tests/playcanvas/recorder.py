from dataclasses import dataclass, field

from bot.playcanvas import RateClass, RateLimit

TOKEN = "pc-0123456789abcdef"


@dataclass
class Recorder:
    """A limiter that always permits, and an observer; both note what they are told, in order."""

    permits: list[RateClass] = field(default_factory=list)
    learned: list[tuple[RateClass, RateLimit, bool]] = field(default_factory=list)
    observed: list[tuple[str, str]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    async def permit(self, rate_class: RateClass) -> None:
        self.permits.append(rate_class)
        self.order.append("permit")

    async def learn(self, rate_class: RateClass, limit: RateLimit, *, refused: bool) -> None:
        self.learned.append((rate_class, limit, refused))
        self.order.append("learn")

    def observe(self, route: str, result: str, seconds: float) -> None:
        assert seconds >= 0
        self.observed.append((route, result))
        self.order.append("observe")
