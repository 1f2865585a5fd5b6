import re
from pathlib import Path

LISTENERS = Path(__file__).parents[3] / "bot" / "slack" / "listeners"


def test_nothing_is_started_past_the_desk() -> None:
    """A listener that adds a job by itself would ask nobody whether that is allowed."""
    past = re.compile(r"\bjobs\.add\(|\bwatching\.again\(")
    using = {path.name for path in LISTENERS.glob("*.py") if past.search(path.read_text())}
    # Steering watches again, and asks before it does.
    assert using == {"asked.py", "steering.py"}
