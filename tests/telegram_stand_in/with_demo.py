"""Runs the demo with a bot at the stand-in, so that its Telegram side can be seen without a token:
``make run TELEGRAM=1``."""

from __future__ import annotations

import argparse
import asyncio

from bot.command_line import refusals
from bot.config import Settings
from bot.serving import serve_demo
from tests.telegram_stand_in.server import StandIn

PORT = 8090


async def serve(settings: Settings, *, fresh: bool) -> None:
    """Until somebody ends it. The stand-in forgets its chats then; the demo remembers its people."""
    server = await _listening()
    async with server:
        bot = server.add_bot()
        chosen = settings.model_copy(
            update={"telegram_tokens": type(settings.telegram_tokens)(bot.token), "telegram_api": server.url}
        )
        links = f"{server.url}/t.me/"
        await serve_demo(chosen, lambda text: print(text.replace("https://t.me/", links), flush=True), fresh=fresh)


async def _listening() -> StandIn:
    try:
        return await StandIn.start(PORT)
    except OSError:
        return await StandIn.start()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_stand_in.with_demo", description=__doc__)
    parser.add_argument("--port", type=int, default=Settings().port, help="of the demo's pages")
    parser.add_argument("--fresh", action="store_true", help="forget earlier data")
    chosen = parser.parse_args()
    with refusals():
        try:
            asyncio.run(serve(Settings(port=chosen.port), fresh=chosen.fresh))
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
