"""Place: an empty database for a proof, of either kind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgresql_cluster import cluster


@contextmanager
def place(kind: str) -> Iterator[str]:
    """Its address, while it is there."""
    if kind == "postgresql":
        with cluster() as server:
            yield server.url.render_as_string(hide_password=False)
    else:
        with tempfile.TemporaryDirectory(prefix="medvind-prove-", dir="/var/tmp") as folder:
            yield f"sqlite:///{Path(folder, 'medvind.db')}"
