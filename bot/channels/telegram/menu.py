"""Menu: what Telegram itself shows of the bot: its commands and what it is, in every language that is offered."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogs import Catalogs
from bot.channels.telegram.client import TelegramClient

COMMANDS = ("start", "help", "menu", "language", "back", "question", "time", "pause", "mydata", "delete", "stop")
"""In the order of the menu. Each is also a word of ``bot.commands``, and what it does stands in ``ui/menu.*``."""

_TELEGRAM_CODES = {"nb": ("nb", "no", "nn")}
"""Telegram knows languages by two letters; apps that are set to Norwegian say "nb" or "no"."""


async def show_menu(client: TelegramClient, catalogs: Catalogs) -> None:
    """Tell Telegram. Raises Trouble."""
    first = catalogs.languages[0]
    for code, language in (None, first), *_codes(catalogs):
        ui = catalogs.ui(language)
        await client.set_commands(code, [(command, ui[f"ui/menu.{command}"]) for command in COMMANDS])
        await client.set_about(code, ui["ui/messenger.about"], ui["ui/messenger.about_short"])


def _codes(catalogs: Catalogs) -> Iterator[tuple[str, str]]:
    """Only two letters mean anything to Telegram: a variant such as fa_AF has the menu of whoever is set to its
    language, unless that language is offered itself."""
    for language in catalogs.languages:
        for code in _TELEGRAM_CODES.get(language, (language[:2],)):
            if code == language or code not in catalogs.languages:
                yield code, language
