"""What a bot says: messages, their changes and their end, and its answers to taps."""

from __future__ import annotations

from typing import Any

from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.chats import Chat, Message
from tests.telegram_stand_in.keyboards import Rows, markup
from tests.telegram_stand_in.parameters import Parameters, flag, integer, structure, text
from tests.telegram_stand_in.photos import photo_in
from tests.telegram_stand_in.refusal import bad_request
from tests.telegram_stand_in.texts import MOST_CAPTION_UNITS, MOST_UNITS, formatted, units
from tests.telegram_stand_in.voices import recorded

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ANSWER_WITHIN = 150
MOST_TOAST_UNITS = 200
DELETE_WITHIN = 48 * 3_600


def chat_of(bot: Bot, given: Parameters) -> Chat:
    """The chat that a call is about, whether the bot may write there or not."""
    named = text(given, "chat_id")
    if not named:
        raise bad_request("chat_id is empty")
    try:
        found = bot.chats.get(int(named))
    except ValueError:
        found = None
    if found is None:
        raise bad_request("chat not found")
    return found


def _open_chat(bot: Bot, given: Parameters) -> Chat:
    chat = chat_of(bot, given)
    chat.check()
    return chat


def send_message(bot: Bot, given: Parameters) -> Message:
    """A new message of words."""
    content = formatted(given, "text", MOST_UNITS, "message is too long")
    if not content:
        raise bad_request("message text is empty")
    rows = markup(given)
    chat = _open_chat(bot, given)
    _check_reply(chat, given)
    if flag(given, "protect_content"):
        content["has_protected_content"] = True
    bot.flood.take(chat.id, len(content["text"]))
    return bot.write(chat, content, rows)


def send_photo(bot: Bot, given: Parameters) -> Message:
    """A new message with a picture, of which only the size is kept."""
    caption = formatted(given, "caption", MOST_CAPTION_UNITS, "message caption is too long")
    photo = photo_in(given)
    rows = markup(given)
    chat = _open_chat(bot, given)
    if flag(given, "protect_content"):
        caption["has_protected_content"] = True
    bot.flood.take(chat.id, len(caption.get("caption", "")))
    number = str(bot.random.getrandbits(62))
    size = {"width": photo.width, "height": photo.height, "file_size": photo.bytes}
    return bot.write(chat, {"photo": [{"file_id": number, "file_unique_id": number, **size}], **caption}, rows)


def send_voice(bot: Bot, given: Parameters) -> Message:
    """A new voice message. Whoever pays Telegram can forbid them."""
    return _send_recording(bot, given, "voice")


def send_audio(bot: Bot, given: Parameters) -> Message:
    """A new message with something to listen to, which shows its title."""
    return _send_recording(bot, given, "audio")


def _send_recording(bot: Bot, given: Parameters, wanted: str) -> Message:
    caption = formatted(given, "caption", MOST_CAPTION_UNITS, "message caption is too long")
    content = recorded(bot, given, wanted)
    rows = markup(given)
    chat = _open_chat(bot, given)
    if "voice" in content and chat.person is not None and chat.person.forbids_voices:
        raise bad_request("VOICE_MESSAGES_FORBIDDEN")
    if flag(given, "protect_content"):
        caption["has_protected_content"] = True
    bot.flood.take(chat.id, len(caption.get("caption", "")))
    return bot.write(chat, {**content, **caption}, rows)


def _check_reply(chat: Chat, given: Parameters) -> None:
    asked = structure(given, "reply_parameters", "reply parameters") or {}
    number = asked.get("message_id") or integer(given, "reply_to_message_id")
    lenient = asked.get("allow_sending_without_reply") or flag(given, "allow_sending_without_reply")
    if number and number not in chat.messages and not lenient:
        raise bad_request("message to be replied not found")


def edit_message_text(bot: Bot, given: Parameters) -> Message:
    """An earlier message says something else. Its buttons go away unless they are given again."""
    content = formatted(given, "text", MOST_UNITS, "message is too long")
    if not content:
        raise bad_request("message text is empty")
    rows = markup(given)
    chat, message = _own(bot, given)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _changed(bot, chat, message, content, rows)


def edit_message_reply_markup(bot: Bot, given: Parameters) -> Message:
    """An earlier message gets other buttons, or none."""
    rows = markup(given)
    chat, message = _own(bot, given)
    return _changed(bot, chat, message, {}, rows)


def _own(bot: Bot, given: Parameters) -> tuple[Chat, Message]:
    if not given.get("message_id"):
        raise bad_request("message identifier is not specified")
    chat = _open_chat(bot, given)
    message = chat.messages.get(integer(given, "message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.get("from", {}).get("id") != bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _changed(bot: Bot, chat: Chat, message: Message, content: dict[str, Any], rows: Rows | None) -> Message:
    before = message.get("reply_markup", {}).get("inline_keyboard")
    same = all(message.get(name) == content.get(name) for name in ("text", "entities")) if content else True
    if same and before == rows:
        raise bad_request(NOT_MODIFIED)
    bot.flood.take(chat.id, len(content.get("text", "")), edit=True)
    kept = {name: value for name, value in message.items() if name != "reply_markup"}
    if content:
        kept.pop("entities", None)
        chat.edited.add(message["message_id"])
    changed = {**kept, **content, "edit_date": int(bot.clock.now())}
    if rows:
        changed["reply_markup"] = {"inline_keyboard": rows}
    if before:
        chat.earlier.setdefault(message["message_id"], []).append(before)
    chat.messages[message["message_id"]] = changed
    chat.changed(changed)
    return changed


def delete_message(bot: Bot, given: Parameters) -> bool:
    """A message of the last 48 hours disappears."""
    chat = _open_chat(bot, given)
    message = chat.messages.get(integer(given, "message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if bot.clock.now() - message["date"] > DELETE_WITHIN:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    chat.changed()
    return True


def answer_callback_query(bot: Bot, given: Parameters) -> bool:
    """The waiting sign of a tap ends, perhaps with a few words. Only once, and only soon after the tap."""
    tap = bot.callbacks.get(text(given, "callback_query_id"))
    if tap is None or tap.answered or bot.clock.now() - tap.at > ANSWER_WITHIN:
        raise bad_request(TOO_OLD)
    words = text(given, "text")
    if units(words) > MOST_TOAST_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    tap.answered, tap.text, tap.alert = True, words, flag(given, "show_alert")
    bot.chats[tap.chat].changed()
    return True


def send_chat_action(bot: Bot, given: Parameters) -> bool:
    """The bot seems to be writing."""
    _open_chat(bot, given)
    if not text(given, "action"):
        raise bad_request("wrong parameter action in request")
    return True
