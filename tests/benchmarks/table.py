"""Figures as a table, or as JSON for a machine."""

import json
from dataclasses import asdict, dataclass

import click


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of ours, and of the baseline where there is one."""

    what: str
    ours: float
    baseline: float | None

    @property
    def ratio(self) -> float | None:
        """Ours over the baseline's."""
        return self.ours / self.baseline if self.baseline else None


def show(rows: list[Row], *, as_json: bool) -> None:
    """Print the figures as they were seen."""
    if as_json:
        click.echo(json.dumps([asdict(row) | {"ratio": row.ratio} for row in rows], indent=2))
        return
    click.echo(f"{'':32}{'ours':>12}{'baseline':>12}{'ratio':>8}")
    for row in rows:
        baseline = f"{row.baseline:12.2f}" if row.baseline is not None else f"{'–':>12}"
        ratio = f"{row.ratio:8.2f}" if row.ratio is not None else f"{'–':>8}"
        click.echo(f"{row.what:32}{row.ours:12.2f}{baseline}{ratio}")
