"""Whatever text reaches a message, Slack takes it and reads nothing in it as a command."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.blockkit import check_message, check_view
from bot.slack import messages
from bot.slack.messages.message import Message, message
from tests.slack.messages.any_values import AnyValues

NASTY = (
    "<!channel>",
    "<@U0MINA00001>",
    "<https://evil.example|Download zip>",
    "&lt;!here&gt; &amp;",
    "*b* _i_ ~s~ `c` ```\n>q",
    "\u202egnp.exe\u2066",
    "a\x00b\x1b[0m\r\n",
    "",
)
LONG = st.builds(
    lambda piece, length: piece * (length // len(piece)),
    st.sampled_from(["<", "&", "x", "`", "\n", "<!channel> ", "😀"]),
    st.sampled_from([30, 160, 1_000, 9_000]),
)
TEXTS = st.lists(st.text() | st.sampled_from(NASTY) | LONG, min_size=1, max_size=3)
# What the bot itself writes: people, channels, times, and links under a label.
_LONGEST = 4_000
OURS = re.compile(
    r"<@[UW]\w+>|<#\w+>|<!date\^\d+\^[^<>|]*\|[^<>|]*>|<https?://[^<>|\s]+\|[^<>|\n]+>"
)


def _rendering() -> dict[str, Callable[..., Any]]:
    """Find every function of every message that makes a message or a view."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(messages.__path__, f"{messages.__name__}."):
        room = importlib.import_module(module.name)
        for name, function in inspect.getmembers(room, inspect.isfunction):
            public = not name.startswith("_") and function.__module__ == module.name
            if public and get_type_hints(function)["return"] in (Message, dict[str, Any]):
                found[f"{module.name.rpartition('.')[2]}.{name}"] = function
    return found


RENDERING = _rendering()
# These are handed what the others have made, and this one at least two builds.
for each in ("message.message", "listing.listing", "install_link.which_platform"):
    del RENDERING[each]


@settings(max_examples=max(8, settings().max_examples // 10), deadline=None)
@given(TEXTS, st.integers(0, 2**32))
def test_any_text_makes_a_message_that_slack_takes_and_no_command(
    texts: list[str], seed: int
) -> None:
    anything = AnyValues(seed, texts)
    for name, function in RENDERING.items():
        hints = get_type_hints(function)
        given = {each: anything.of(hints[each], each) for each in hints if each != "return"}
        made = function(**given)
        shown = made.blocks if isinstance(made, Message) else made["blocks"]
        if isinstance(made, Message):
            assert check_message(list(shown)) == [], name
            assert 0 < len(made.text) <= _LONGEST, name
            assert not live(made.text), (name, made.text)
        else:
            assert check_view(made, "modal", "home") == [], name
        assert not [text for text in mrkdwn(shown) if live(text)], name


def test_nearly_every_message_has_its_part_in_that() -> None:
    assert len(RENDERING) > 50
    assert live(message("<!channel>").text)


def live(text: str) -> bool:
    """Say whether a text has what Slack would read as a mention, a link or a command."""
    left = OURS.sub("", text)
    if len(text) == _LONGEST:
        left = re.sub(r"<[^<>]*…$", "", left)  # cut short there, it is none any more
    return "<" in left or ">" in re.sub(r"(?m)^>", "", left)


def mrkdwn(shown: object) -> Iterator[str]:
    if isinstance(shown, dict):
        if shown.get("type") == "mrkdwn":
            yield shown["text"]
        for each in shown.values():
            yield from mrkdwn(each)
    elif isinstance(shown, list | tuple):
        for each in shown:
            yield from mrkdwn(each)
