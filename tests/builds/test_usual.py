from datetime import timedelta

from bot.builds.usual import Usual, usual


def _seconds(*values: float) -> list[timedelta]:
    return [timedelta(seconds=value) for value in values]


def test_four_samples_say_nothing() -> None:
    assert usual(_seconds(50, 50, 50, 50)) is None


def test_the_usual_is_the_middle_half() -> None:
    low, high = _seconds(40, 70)
    assert usual(_seconds(10, 40, 40, 50, 70, 70, 900)) == Usual(low, high)
