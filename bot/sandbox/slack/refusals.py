"""How Slack says no: an error name, sometimes with more beside it."""

from bot.sandbox.slack.wire import Json


class Refused(Exception):  # noqa: N818 - it is an answer of Slack, not an error of ours
    """An API call that Slack answers with `{"ok": false, "error": …}`."""

    def __init__(self, error: str, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    @property
    def answer(self) -> Json:
        """Return the answer's body."""
        return {"ok": False, "error": self.error} | self.extra


def bad_arguments(*problems: str) -> Refused:
    """Refuse arguments that are missing or wrong, naming each."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return Refused("invalid_arguments", response_metadata={"messages": messages})


def bad_blocks(problems: list[str]) -> Refused:
    """Refuse blocks, with the pointer to everything that is wrong."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return Refused("invalid_blocks", errors=problems, response_metadata={"messages": messages})


class TooFast(Exception):  # noqa: N818 - as above
    """An API call that came too soon after others."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after
