"""Runs the stand-in by hand: ``python -m tests.telegram_stand_in --port 8090 --bot medvind_bot``."""

from __future__ import annotations

import argparse
import asyncio

from tests.telegram_stand_in.pages import SOMEBODY
from tests.telegram_stand_in.server import StandIn


async def serve(port: int, username: str) -> None:
    """Until somebody ends it. Everything is forgotten then."""
    async with StandIn(port) as server:
        bot = server.add_bot(username)
        print("This stands in for Telegram on this machine. It is not Telegram.")
        print(f"Bot API  {server.url}/bot")
        print(f"Token    {bot.token}")
        print(f"Phone    {server.url}/phone?user={SOMEBODY}&bot={bot.username}")
        print(f"Link     {server.url}/t.me/{bot.username}?start=CODE", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_stand_in", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    parser.add_argument("--bot", default="medvind_bot", help="the username of the bot")
    chosen = parser.parse_args()
    try:
        asyncio.run(serve(chosen.port, chosen.bot))
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
