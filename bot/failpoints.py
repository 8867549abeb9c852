"""Failpoints: the places between a message and its reply where a crash must lose and double nothing. A proof ends the
process at each of them; otherwise passing one does nothing."""

from __future__ import annotations

from collections.abc import Callable

hook: Callable[[str], None] | None = None
"""Called with the name of every place that is passed. Set by the proof alone, before anything runs."""

NAMES = (
    "turn.heard",
    "turn.stored",
    "turn.committed",
    "intake.before_confirm",
    "delivery.before_send",
    "delivery.after_send",
    "delivery.after_mark",
)
"""In the order in which a message passes them."""


def reached(name: str) -> None:
    """Say that this place is passed now."""
    if hook is not None:
        hook(name)
