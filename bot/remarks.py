"""Remarks: what somebody thinks of the question that waits. It is kept without whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.keeping import Remark
from bot.messages import Button, Inbound, Outbound, Tap
from bot.opening import way_back
from dialogues import engine
from dialogues.model import Ask
from storage.feedback import REASONS

if TYPE_CHECKING:
    from bot.conversing import Conversing


def ask(one: Conversing) -> list[Outbound]:
    """What it is about the question."""
    if one.talk is None or not isinstance(_waiting(one), Ask):
        return [one.idle()]
    words, number, step = one.words(), one.talk.number, one.waiting()[1]
    buttons = tuple(
        Button(words.ui[f"ui/remark.{reason}"], Tap(number, step, "remark", (reason,))) for reason in REASONS
    )
    return [
        msgspec.structs.replace(words.note("ui/remark.ask"), buttons=buttons, pick="one", controls=(way_back(one),))
    ]


def take(one: Conversing, tap: Tap, inbound: Inbound, seq: int) -> list[Outbound]:
    """Keep it, and ask the question again."""
    if not tap.choices:
        return ask(one)
    if one.talk is None or one.session is None:
        return [one.idle()]
    here = (tap.conversation, tap.step) == one.waiting()[:2]
    if here and tap.choices[0] in REASONS and isinstance(step := _waiting(one), Ask):
        remark = Remark(one.talk.dialogue, step.key, one.talk.version, one.words().language, tap.choices[0])
        one.kept.remarks.append(remark)
        return [one.words().note("ui/remark.done"), *one.play(engine.Again(), inbound, seq)]
    return one.play(engine.Again(), inbound, seq)


def _waiting(one: Conversing) -> object:
    script, session = one.open_session()
    return script.step(session.waiting)
