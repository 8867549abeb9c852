"""Platform: what all bots of one stand-in share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import ClientSession

from tests.telegram_stand_in.clock import Clock
from tests.telegram_stand_in.faults import Faults
from tests.telegram_stand_in.flood import Limits
from tests.telegram_stand_in.log import Log


@dataclass(eq=False)
class Platform:
    """``local``: webhooks may be plain http on any port, as with a Bot API server in one's own house. ``broken``
    are mistakes of the stand-in itself."""

    clock: Clock
    random: Random
    faults: Faults
    limits: Limits
    log: Log = field(default_factory=Log)
    local: bool = True
    session: ClientSession | None = None
    answered: Callable[[Any, dict[str, Any]], None] = lambda bot, given: None
    """Does what a bot asked for in its answer to a webhook."""
    broken: list[BaseException] = field(default_factory=list)
