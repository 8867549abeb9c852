"""Causes: why something went wrong, in a form that every database takes. None holds a person's words."""

from __future__ import annotations

LONGEST = 200


def kept(cause: str) -> str:
    """A cause as it can be stored: the channel's own words may be long, or hold what PostgreSQL refuses."""
    return cause.encode("utf-8", "replace").decode().replace("\0", "")[:LONGEST]
