"""Figures as a table, or as JSON for a machine."""

import json
from dataclasses import asdict, dataclass

import click


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
    columns = ("ours", "baseline", "ratio", "bound", "wanted")
    click.echo(f"{'':56}" + "".join(f"{each:>10}" for each in columns))
    for row in rows:
        figures = (row.ours, row.baseline, row.ratio, row.bound, row.wanted)
        click.echo(f"{row.what:56}" + "".join(_figure(each) for each in figures))


def _figure(value: float | None) -> str:
    return f"{'–':>10}" if value is None else f"{value:10.3f}"
