"""Past: what earlier conversations leave for the people of a batch. Each thing is read once, for all of them, when the
first of them needs it; so a batch costs the same few statements however many people begin something in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row

from bot.shelf import Published, ScriptShelf
from dialogues.model import Ask, Script
from storage import checkins, people, scripts
from storage.vault import Vault


class Past:
    """Reads in the transaction of one batch. ``ids`` are those of everybody in it."""

    def __init__(self, conn: Connection, ids: Sequence[int], shelf: ScriptShelf) -> None:
        self._conn = conn
        self._ids = ids
        self._shelf = shelf
        self._given: dict[frozenset[str], dict[int, dict[str, Row[Any]]]] = {}

    def script(self, dialogue: str, version: int) -> Published:
        """One version. Raises KeyError when it was never published."""
        return self._shelf.get(self._conn, dialogue, version)

    def latest_script(self, dialogue: str) -> Published | None:
        """The version that new conversations use, or None before anything was published."""
        version = self._versions.get(dialogue)
        return None if version is None else self.script(dialogue, version)

    def held(self, person: int) -> set[str]:
        """The dialogues that somebody has ever begun."""
        return self._held.get(person, set())

    def given(self, person: int, questions: frozenset[str]) -> Mapping[str, Row[Any]]:
        """Somebody's latest answer to each of these questions."""
        if not questions:
            return {}
        if questions not in self._given:
            self._given[questions] = checkins.latest_given(self._conn, self._ids, questions)
        return self._given[questions].get(person, {})

    def specialist(self, person: int, vault: Vault) -> str:
        """The name of the specialist who is assigned to somebody now, or ""."""
        row = self._specialists.get(person)
        return people.staff_name(vault, row) if row else ""

    @cached_property
    def _specialists(self) -> Mapping[int, Row[Any]]:
        return checkins.specialists(self._conn, self._ids)

    @cached_property
    def _versions(self) -> Mapping[str, int]:
        return scripts.latest_versions(self._conn)

    @cached_property
    def _held(self) -> Mapping[int, set[str]]:
        return checkins.dialogues_held(self._conn, self._ids)


def looked_back_at(script: Script) -> frozenset[str]:
    """Keys of the questions whose earlier answers a script remembers, or that it does not ask again too soon."""
    resting = (step.key for step in script.steps if isinstance(step, Ask) and step.rest)
    return frozenset((*script.remember.values(), *resting))
