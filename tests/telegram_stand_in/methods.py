"""Methods of the Bot API: which there are, and those about the bot, its updates and its chats."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_stand_in import menus, sending
from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.parameters import Parameters, flag, integer, structure, text
from tests.telegram_stand_in.polling import LONGEST, MOST_UPDATES, WEBHOOK_SET, WEBHOOK_THERE
from tests.telegram_stand_in.refusal import bad_request, conflict, too_many
from tests.telegram_stand_in.updates import USUAL
from tests.telegram_stand_in.webhooks import Settings

SECRET = re.compile(r"[A-Za-z0-9_-]*")
MOST_SECRET = 256
MOST_CONNECTIONS = 100
USUAL_CONNECTIONS = 40
PUBLIC_PORTS = (443, 80, 88, 8443)


def get_me(bot: Bot, given: Parameters) -> dict[str, Any]:
    """Who the bot is."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**bot.user(), **abilities}


async def get_updates(bot: Bot, given: Parameters) -> list[dict[str, Any]]:
    """What waits for the bot."""
    if bot.webhook is not None:
        raise conflict(WEBHOOK_THERE)
    bot.updates.allow(_allowed(given))
    limit = integer(given, "limit", MOST_UPDATES, 1, MOST_UPDATES)
    return await bot.polling.get(integer(given, "offset"), limit, integer(given, "timeout", 0, 0, LONGEST))


def _allowed(given: Parameters) -> list[str] | None:
    """The kinds that were named; what cannot be read counts as not said."""
    if given.get("allowed_updates") in (None, ""):
        return None
    found = structure(given, "allowed_updates", "allowed updates")
    return found if isinstance(found, list) and all(isinstance(kind, str) for kind in found) else None


def set_webhook(bot: Bot, given: Parameters) -> bool:
    """Bring updates to an address from now on."""
    url = text(given, "url")
    if not url:
        return delete_webhook(bot, given)
    now = bot.clock.now()
    if now < bot.next_webhook_at:
        raise too_many(1)
    bot.next_webhook_at = now + 1
    settings = _settings(bot, given, url)
    if flag(given, "drop_pending_updates"):
        bot.drop_pending("setWebhook")
    bot.updates.allow(_allowed(given))
    bot.polling.end(conflict(WEBHOOK_SET))
    if bot.webhook is None or bot.webhook.settings != settings:
        bot.bring_to(settings)
    return True


def _settings(bot: Bot, given: Parameters, url: str) -> Settings:
    parts = urlsplit(url if "//" in url else f"https://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if not bot.platform.local:
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PUBLIC_PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = text(given, "secret_token")
    if len(secret) > MOST_SECRET:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = integer(given, "max_connections", USUAL_CONNECTIONS, 1, MOST_CONNECTIONS)
    return Settings(url, secret, connections, text(given, "ip_address"))


def delete_webhook(bot: Bot, given: Parameters) -> bool:
    """Let updates wait for getUpdates."""
    if flag(given, "drop_pending_updates"):
        bot.drop_pending("deleteWebhook")
    bot.drop_webhook()
    return True


def get_webhook_info(bot: Bot, given: Parameters) -> dict[str, Any]:
    """Where updates are brought, how many wait, and what went wrong last."""
    bot.updates.expire()
    info: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates.pending),
    }
    if bot.webhook is not None:
        info["url"] = bot.webhook.settings.url
        info["max_connections"] = bot.webhook.settings.max_connections
        info["ip_address"] = bot.webhook.settings.ip_address or "127.0.0.1"
        if bot.webhook.last_error:
            info["last_error_date"] = bot.webhook.last_error_at
            info["last_error_message"] = bot.webhook.last_error
    if bot.updates.allowed != USUAL:
        info["allowed_updates"] = sorted(bot.updates.allowed)
    return info


def get_chat(bot: Bot, given: Parameters) -> dict[str, Any]:
    """What a chat is."""
    chat = sending.chat_of(bot, given)
    if chat.state == "stranger":
        raise bad_request("chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **chat.described(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def leave_chat(bot: Bot, given: Parameters) -> bool:
    """The bot goes out of a group or channel."""
    chat = sending.chat_of(bot, given)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.check()
    chat.state = "left"
    bot.hear_member(chat, bot.user(), "member", "left", 0)
    chat.changed()
    return True


Method = Callable[[Bot, Parameters], Any | Awaitable[Any]]
ALL: tuple[Method, ...] = (
    get_me,
    get_updates,
    set_webhook,
    delete_webhook,
    get_webhook_info,
    get_chat,
    leave_chat,
    sending.send_message,
    sending.send_photo,
    sending.send_voice,
    sending.send_audio,
    sending.send_chat_action,
    sending.edit_message_text,
    sending.edit_message_reply_markup,
    sending.delete_message,
    sending.answer_callback_query,
    menus.set_my_commands,
    menus.get_my_commands,
    menus.delete_my_commands,
    menus.set_my_description,
    menus.get_my_description,
    menus.set_my_short_description,
    menus.get_my_short_description,
    menus.set_my_name,
    menus.get_my_name,
    menus.set_chat_menu_button,
    menus.get_chat_menu_button,
)


def _proper(method: Method) -> str:
    first, *others = method.__name__.split("_")
    return first + "".join(word.title() for word in others)


METHODS = {_proper(method).lower(): (_proper(method), method) for method in ALL}
"""Proper name and function by the name in small letters: Telegram does not mind how a name is written."""
WRITING = {"sendMessage", "sendPhoto", "sendVoice", "sendAudio", "editMessageText", "editMessageReplyMarkup"}
NOT_AS_REPLY = {"deletewebhook", "setwebhook", "close", "logout"}
"""Together with everything that gets something, these are not done when they come as the answer to a webhook."""
