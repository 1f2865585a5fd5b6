"""Figures as a table that pastes into a README, or as JSON for a machine."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import click

_ROUND = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of ours, and of the baseline where there is one.

    `bound` is the best ratio there can be, `wanted` the one that is asked for.
    """

    what: str
    ours: float
    baseline: float | None
    bound: float | None = None
    wanted: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours over the baseline's."""
        return self.ours / self.baseline if self.baseline else None


def show(rows: list[Row], *, as_json: bool) -> None:
    """Print the figures as they were seen."""
    if as_json:
        click.echo(json.dumps([asdict(row) | {"ratio": row.ratio} for row in rows], indent=2))
        return
    columns = ("figure", "ours", "beside", "ratio", "best possible", "wanted")
    click.echo(_line(columns))
    click.echo(_line(("---", *("--:" for _ in columns[1:]))))
    for row in rows:
        figures = (row.ours, row.baseline, row.ratio, row.bound, row.wanted)
        click.echo(_line((_name(row.what), *(_figure(each) for each in figures))))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _name(what: str) -> str:
    """Name a figure; one that is indented, or has no name, belongs to the one above."""
    return what if what and not what.startswith(" ") else f"… {what.strip() or 'and'}"


def _figure(value: float | None) -> str:
    """Write three digits, or all before the point."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= _ROUND else f"{value:.3g}"
