"""Sessions: how long a sign-in holds: not longer than a day's work, and not while nobody is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.staff_sessions import StaffSession

LONGEST = timedelta(hours=12)
"""From signing in to having to do it again."""

IDLE = timedelta(hours=8)
IDLE_OF_ROLES = {"administrator": timedelta(minutes=30), "auditor": timedelta(minutes=30)}
"""Without opening a page: shorter for those who see what everybody does."""

PROVED = timedelta(minutes=10)
"""What matters more than reading wants a proof that is no older."""

NOTED = timedelta(minutes=1)
"""How exactly it is known when a session was used last."""


def holds(session: StaffSession, now: datetime) -> bool:
    """Whether somebody used this session lately, for their role."""
    return session.used_at > now - IDLE_OF_ROLES.get(session.role, IDLE)


def is_proved(session: StaffSession, now: datetime) -> bool:
    """Whether the person has proved a moment ago who they are."""
    return session.confirmed_at > now - PROVED
