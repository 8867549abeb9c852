"""StartRefused: Medvind may not start on this storage. Nothing was changed, and the message says what to do."""

from __future__ import annotations


class StartRefused(Exception):
    """The common kind of everything that stops a start, so that a command can print the sentence and end."""


class StorageAddressWrong(StartRefused):
    """The address of the database is none that Medvind can use."""


class StorageBusy(StartRefused):
    """Another process works on the same SQLite file, or the file lies where nobody can tell."""


class StorageNewer(StartRefused):
    """The tables are of a later Medvind than this one."""


class StorageMissing(StartRefused):
    """There is no database yet for somebody who only wants to look at it."""
