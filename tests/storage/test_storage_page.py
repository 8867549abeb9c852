"""The page about storage names everything an operator can meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import lockfile, vault
from storage.refusal import StartRefused
from storage.schema import metadata

PAGE = (Path(__file__).parents[2] / "docs" / "storage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_is_on_the_page(table: str) -> None:
    assert f"`{table}`" in PAGE


def test_every_refusal_to_start_is_on_the_page() -> None:
    assert lockfile.StorageBusy in StartRefused.__subclasses__()
    assert vault.KeyWrong in StartRefused.__subclasses__()
    for refusal in StartRefused.__subclasses__():
        if refusal.__module__.startswith("storage."):
            assert f"`{refusal.__name__}`" in PAGE
