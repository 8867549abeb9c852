"""Audience: which texts only staff read. People are offered a language in which those are missing; staff are not."""

from __future__ import annotations

STAFF = ("staff/", "own_checkin/", "own_checkin.")
"""What their contexts begin with: those of the staff pages, mails and overviews, and of a specialist's own check-in."""


def is_for_staff(context: str) -> bool:
    """Whether no participant ever reads this text."""
    return context.startswith(STAFF)
