"""A deployment whose turns are the real ones, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from storage.vault import Vault
from tests.bot.turn_world import TurnWorld, deployed


@pytest.fixture
async def world(database: Database, vault: Vault) -> AsyncIterator[TurnWorld]:
    """The shipped scripts, one specialist, and nobody else yet."""
    made = await deployed(database, vault)
    yield made
    await made.turns.close()
