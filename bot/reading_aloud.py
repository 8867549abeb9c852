"""Reading aloud: who wants to listen to the texts, and which dialogues ask about nothing else."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot.programme import Programme
from bot.schedule import Agenda
from bot.shelf import ScriptShelf
from dialogues import meanings
from dialogues.model import Ask, Script
from storage import own, people
from storage.vault import Vault

_LISTENING = (("listen",), ("both",))


def chose_to_listen(conn: Connection, vault: Vault, participant_id: int) -> bool:
    """Whether a person chose to listen, or to listen and read. Raises KeyError and Erased."""
    cipher = people.participant(conn, vault, participant_id).cipher
    stored = own.agenda(conn, cipher, participant_id)
    choices = msgspec.json.decode(stored, type=Agenda).choices if stored else {}
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
