"""Presence: this process among those that share a database. It says that it is there, and notices who no longer does
so."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection

from storage import processes
from storage.database import Database, StorageAway
from storage.processes import Process

_LIFE = "."
"""Between the name of a process and the number of its life, in its id."""

_log = logging.getLogger(__name__)


class Present(NamedTuple):
    """What one beat found: the names of the processes that are there, and whether one has gone since the last beat."""

    names: frozenset[str]
    has_changed: bool


class Presence:
    """One process. Its name stays; its id is new after others have given it up, as after a sleep of the machine."""

    def __init__(self, database: Database, me: Process, silence: float) -> None:
        """``me.id`` is the name. Who is silent for more than ``silence`` seconds is given up."""
        self.name = me.id
        self._database = database
        self._me = me
        self._silence = silence
        self._life = 0
        self._before: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The key of its row."""
        return self._me.id

    async def beat(self, *, stopping: bool = False) -> Present:
        """Say that it is there, and look who else is. Ask every two seconds. Raises StorageAway."""
        me = self._me._replace(stopping=stopping, leads=tuple(self._database.leads()))
        life, ids, silent = await self._database.write(lambda conn: self._said(conn, me))
        self._me, self._life = me._replace(id=self._id_in(life)), life
        if silent:
            ids -= await self._give_up(silent)
        names = frozenset(each.partition(_LIFE)[0] for each in ids)
        has_changed = not self._before or bool(self._before - ids)
        self._before = ids
        return Present(names, has_changed)

    async def leave(self) -> None:
        """Be gone for the others. If the database is away, they notice by themselves."""
        try:
            await self._database.write(lambda conn: processes.remove(conn, [self.id]))
        except StorageAway:
            _log.warning("the database is away: others will notice that this process has stopped")

    def _said(self, conn: Connection, me: Process) -> tuple[int, frozenset[str], list[str]]:
        """The number of its life, the ids of all that are in the list, and of those the silent ones."""
        is_first = self._life == 0
        life = max(self._life, 1) if processes.is_known(conn, me.id) else self._life + 1
        processes.beat(conn, me._replace(id=self._id_in(life)))
        if is_first and conn.dialect.name == "sqlite":  # nobody else can have the file: these were killed
            processes.remove(conn, _others(conn, {self._id_in(life)}))
        silent = [each for each in processes.silent(conn, self._silence) if each != self._id_in(life)]
        return life, frozenset(_others(conn, ())), silent

    async def _give_up(self, silent: list[str]) -> frozenset[str]:
        """In a transaction of its own: two that give up each other in the same one would wait for each other."""
        given_up = await self._database.write(lambda conn: processes.remove(conn, silent, self._silence))
        for each in given_up:
            _log.warning("process %s was not heard of for %.0f seconds: others do its work", each, self._silence)
        return frozenset(given_up)

    def _id_in(self, life: int) -> str:
        return self.name if life <= 1 else f"{self.name}{_LIFE}{life}"


def _others(conn: Connection, but: Collection[str]) -> list[str]:
    return [each.id for each in processes.all_processes(conn) if each.id not in but]
