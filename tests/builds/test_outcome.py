from dataclasses import dataclass
from datetime import datetime

import pytest

from bot.builds.outcome import Failed, Ready, observe


@dataclass(frozen=True)
class Remote:
    status: str
    url: str | None = None
    messages: tuple[str, ...] = ()
    engine_version: str | None = None
    modified_at: datetime | None = None


def test_running_is_looked_at_again() -> None:
    assert observe(Remote("running")) is None


def test_complete_with_a_link_is_ready() -> None:
    seen = observe(Remote("complete", "https://x", engine_version="2.20.6"))
    assert seen == Ready("https://x", "2.20.6")


@pytest.mark.parametrize("url", [None, ""])
def test_complete_without_a_link_is_a_failure(url: str | None) -> None:
    seen = observe(Remote("complete", url, ("one",)))
    assert isinstance(seen, Failed)
    assert seen.messages[0] == "one"
    assert "no download link" in seen.messages[1]


def test_an_error_keeps_every_word() -> None:
    assert observe(Remote("error", messages=("a", "b"))) == Failed(("a", "b"))


def test_a_link_is_in_no_repr() -> None:
    assert "secret" not in repr(Ready("https://x/secret"))
