"""FileLock: one process a SQLite file. The lock dies with its process, so that none is left behind by a crash."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.refusal import StorageBusy

NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"}
)
"""Where locks and shared memory are not to be trusted between machines: SQLite's "Write-Ahead Logging", section 2."""


class FileLock:
    """Held from creation to ``release``, by means of a file beside the database. Raises StorageBusy."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + ".lock")
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise StorageBusy(
                f"Another Medvind (process {holder or 'unknown'}) is working on {database}. Stop it first, or, "
                "for more than one process at a time, use PostgreSQL."
            ) from None
        os.truncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode("ascii"))

    def release(self) -> None:
        """Let others in. The file stays: whoever removed it could take it from under a third process."""
        os.close(self._descriptor)


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
