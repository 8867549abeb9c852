"""FileLock: one process a file. The lock dies with its process, so that none is left behind by a crash."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.refusal import StorageBusy

NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"}
)
"""Where locks and shared memory are not to be trusted between machines: SQLite's "Write-Ahead Logging", section 2."""


class Held(Exception):
    """Somebody else has the lock. ``holder`` is the number of that process, as far as it is known."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class FileLock:
    """Held from creation to ``release``, by means of a file that says who has it. Raises Held."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise Held(holder or "unknown") from None
        os.truncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode("ascii"))

    def holds(self) -> bool:
        """False when somebody has removed the file: then another process may have locked a new one."""
        try:
            there = os.stat(self._path)
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(self._descriptor))

    def release(self) -> None:
        """Let others in. The file stays: whoever removed it could take it from under a third process."""
        os.close(self._descriptor)


def lock_database(database: Path) -> FileLock:
    """The lock of a SQLite file, which lies beside it. Raises StorageBusy."""
    try:
        return FileLock(database.with_name(database.name + ".lock"))
    except Held as held:
        raise StorageBusy(
            f"Another Medvind (process {held.holder}) is working on {database}. Stop it first, or, for more than one "
            "process at a time, use PostgreSQL."
        ) from None


def refuse_network_filesystem(path: Path, mounts: str | None = None) -> None:
    """Raises StorageBusy when the file would lie on a network drive, where another machine could open it too.

    ``mounts`` is text in the form of Linux's ``/proc/self/mounts``; where there is none, nothing is checked.
    """
    found = filesystem(path, _mounts() if mounts is None else mounts)
    if found in NETWORK_FILESYSTEMS:
        raise StorageBusy(
            f"{path} is on a network drive ({found}), where a SQLite file can be damaged. Put it on a disk of this "
            "machine, or use PostgreSQL."
        )


def filesystem(path: Path, mounts: str) -> str:
    """The type of the file system a path lies on, or ``""``."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, point, type_, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, type_
    return kind


def _mounts() -> str:
    listed = Path("/proc/self/mounts")
    return listed.read_text(encoding="utf-8", errors="replace") if listed.exists() else ""
