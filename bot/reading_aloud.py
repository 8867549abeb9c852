"""Reading aloud: who wants to listen to the texts, what they get, and which dialogues ask about nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection

from bot.messages import WEB, Outbound
from bot.programme import Programme
from bot.recordings import of_message, of_option
from bot.schedule import Agenda
from bot.shelf import ScriptShelf
from dialogues import meanings
from dialogues.model import Ask, Script
from storage import own, people
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.conversing import Conversing

_LISTENING = (("listen",), ("both",))


def chose_to_listen(conn: Connection, vault: Vault, participant_id: int) -> bool:
    """Whether a person chose to listen, or to listen and read. Raises KeyError and Erased."""
    cipher = people.participant(conn, vault, participant_id).cipher
    stored = own.agenda(conn, cipher, participant_id)
    return _listens(msgspec.json.decode(stored, type=Agenda).choices) if stored else False


def with_recordings(one: Conversing, messages: list[Outbound], *, asks_again: bool) -> list[Outbound]:
    """The messages, with the recordings that are sent along to somebody who chose to listen. On the page each player
    stands beside its text, so there nothing is sent.

    What is asked again comes without its options: each is a message of its own, and they stand above.
    """
    if one.channel == WEB or not one.setting.recordings.files or not _listens(one.timetable.agenda.choices):
        return messages
    return [_with_recordings(one, message, with_options=not asks_again) for message in messages]


def _with_recordings(one: Conversing, message: Outbound, *, with_options: bool) -> Outbound:
    if not message.step or message.kind == "redrawn":
        return message
    recordings, own_words = one.setting.recordings, one.setting.speaking.catalogs.ui(message.language)
    buttons = message.buttons
    if with_options:
        buttons = tuple(
            msgspec.structs.replace(
                button, recording=recordings.first(message.language, of_option(message, button, own_words))
            )
            for button in buttons
        )
    recording = recordings.first(message.language, of_message(message))
    return msgspec.structs.replace(message, recording=recording, buttons=buttons)


def _listens(choices: Mapping[str, tuple[str, ...]]) -> bool:
    return choices.get(meanings.READING) in _LISTENING


def unheard(conn: Connection, shelf: ScriptShelf, programme: Programme) -> Programme:
    """The programme where nothing is recorded: it offers no dialogue that asks nothing but how somebody takes in the
    texts."""
    offered = (*programme.later, *programme.any_time, *(name for name, _ in programme.now_and_then))
    published = (shelf.latest(conn, name) for name in offered)
    return programme.without({one.dialogue for one in published if one and _asks_only_reading(one.script)})


def _asks_only_reading(script: Script) -> bool:
    asked = [step for step in script.steps if isinstance(step, Ask)]
    return bool(asked) and all(meanings.READING in ask.tags for ask in asked)
