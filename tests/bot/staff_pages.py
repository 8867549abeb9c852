"""The staff pages of a deployment whose turns are the real ones, as a browser gets them."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.config import SCRIPTS
from bot.console import add_console
from bot.console.one_tap import add_one_tap
from bot.shelf import ScriptShelf
from storage import people
from storage.people import Who
from tests.bot.staff_world import SAME_SITE
from tests.bot.turn_world import TurnWorld, catalogs, programme

Pages = dict[str, tuple[int, tuple[tuple[str, str], ...], bytes]]
"""Address -> status, headers and body."""

DIFFERENT_EACH_TIME = {"Date"}


async def fetched(world: TurnWorld, staff: int, addresses: Sequence[str]) -> Pages:
    """These pages, as somebody on the staff gets them."""
    app = web.Application()
    add_console(
        app,
        database=world.database,
        vault=world.vault,
        catalogs=catalogs(),
        shelf=ScriptShelf(),
        scripts_folder=SCRIPTS,
        now=lambda: world.clock.now,
        programme=programme(),
        demo_mail=None,
    )
    add_one_tap(app)
    token = f"token-of-{staff}-{addresses[0].strip('/').replace('/', '-')}"
    await world.database.write(
        lambda conn: people.new_link(conn, world.vault, Who(staff_id=staff), token, world.clock.now)
    )
    async with TestClient(TestServer(app)) as client:
        await client.post(f"/s/{token}", headers=SAME_SITE, allow_redirects=False)
        return {address: await got(await client.get(address)) for address in addresses}


async def got(answer: ClientResponse) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and body."""
    kept = tuple(sorted((name, value) for name, value in answer.headers.items() if name not in DIFFERENT_EACH_TIME))
    return answer.status, kept, await answer.read()
