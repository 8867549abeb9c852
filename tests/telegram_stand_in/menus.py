"""What a bot tells about itself: commands for each scope and language, descriptions, the button beside the field."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.parameters import Parameters, integer, structure, text
from tests.telegram_stand_in.refusal import bad_request

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
"""Telegram knows languages of two letters here, and no others."""
MOST_COMMANDS = 100
MOST_ABOUT_COMMAND = 256
SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
DESCRIPTION, SHORT_DESCRIPTION, NAME = 512, 120, 64


def _language(given: Parameters) -> str:
    code = text(given, "language_code")
    if code and not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _scope(given: Parameters) -> str:
    scope = structure(given, "scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in SCOPES:
        return str(kind)
    if kind not in CHAT_SCOPES or not scope.get("chat_id"):
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return msgspec.json.encode(scope, order="sorted").decode()


def chat_scope(chat: int) -> str:
    """The name under which commands for one chat are kept."""
    return msgspec.json.encode({"chat_id": chat, "type": "chat"}, order="sorted").decode()


def set_my_commands(bot: Bot, given: Parameters) -> bool:
    """Offer these commands."""
    commands = structure(given, "commands", "commands") or []
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    bot.menus.commands[_scope(given), _language(given)] = [_command(each) for each in commands]
    bot.told()
    return True


def _command(found: Any) -> dict[str, str]:
    if not isinstance(found, dict) or not {"command", "description"} <= found.keys():
        raise bad_request("can't parse BotCommand: expected command and description")
    name = str(found["command"]).removeprefix("/")
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(found["description"]) <= MOST_ABOUT_COMMAND:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": found["description"]}


def get_my_commands(bot: Bot, given: Parameters) -> list[dict[str, str]]:
    """The commands for exactly this scope and language."""
    return bot.menus.commands.get((_scope(given), _language(given)), [])


def delete_my_commands(bot: Bot, given: Parameters) -> bool:
    """No commands of its own for this scope and language."""
    bot.menus.commands.pop((_scope(given), _language(given)), None)
    bot.told()
    return True


def commands_shown(bot: Bot, chat: int, language_code: str) -> list[dict[str, str]]:
    """The commands that a phone with this language shows: the first list there is, from near to far."""
    language = language_code.partition("-")[0]
    for scope in (chat_scope(chat), "all_private_chats", "default"):
        for code in (language, ""):
            if found := bot.menus.commands.get((scope, code)):
                return found
    return []


def in_language(texts: dict[str, str], language_code: str) -> str:
    """The text for a phone with this language."""
    return texts.get(language_code.partition("-")[0]) or texts.get("", "")


def _set(bot: Bot, texts: dict[str, str], given: Parameters, name: str, most: int) -> bool:
    words, code = text(given, name), _language(given)
    if len(words) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    texts[code] = words
    bot.told()
    return True


def set_my_description(bot: Bot, given: Parameters) -> bool:
    """What stands in a chat before anything was said."""
    return _set(bot, bot.menus.descriptions, given, "description", DESCRIPTION)


def get_my_description(bot: Bot, given: Parameters) -> dict[str, str]:
    """The description in a language."""
    return {"description": in_language(bot.menus.descriptions, _language(given))}


def set_my_short_description(bot: Bot, given: Parameters) -> bool:
    """What stands on the bot's page."""
    return _set(bot, bot.menus.short_descriptions, given, "short_description", SHORT_DESCRIPTION)


def get_my_short_description(bot: Bot, given: Parameters) -> dict[str, str]:
    """The short description in a language."""
    return {"short_description": in_language(bot.menus.short_descriptions, _language(given))}


def set_my_name(bot: Bot, given: Parameters) -> bool:
    """The name of the bot in a language."""
    return _set(bot, bot.menus.names, given, "name", NAME)


def get_my_name(bot: Bot, given: Parameters) -> dict[str, str]:
    """The name of the bot in a language."""
    return {"name": in_language(bot.menus.names, _language(given)) or bot.name}


def set_chat_menu_button(bot: Bot, given: Parameters) -> bool:
    """What the button beside the field for typing does."""
    button = structure(given, "menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: Unsupported type specified")
    bot.menus.buttons[integer(given, "chat_id")] = button
    bot.told()
    return True


def get_chat_menu_button(bot: Bot, given: Parameters) -> dict[str, Any]:
    """What the button beside the field for typing does."""
    usual = bot.menus.buttons.get(0, {"type": "commands"})
    return bot.menus.buttons.get(integer(given, "chat_id"), usual)
