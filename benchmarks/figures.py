"""Figures and tables: what was measured, put so that it can be read and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it should reach. Below ``least`` or above ``most`` it misses its target."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        target = f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"
        return f"bench {self.name}: {_short(self.value)} (target {target})"


def table(heads: Sequence[str], rows: Sequence[Sequence[str | float]]) -> str:
    """Aligned columns; the first is text, the others numbers."""
    cells = [list(heads), *([cell if isinstance(cell, str) else _short(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) if at else cell.ljust(width) for at, (cell, width) in enumerate(pairs))
        for pairs in (zip(row, widths, strict=True) for row in cells)
    )


def _short(value: float) -> str:
    """Three figures that mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
