"""Traces: the messages in which an answer stands, on both sides, and what is left of them without it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec

from bot.batch import NOTHING
from bot.messages import Outbound, decode_heard, decode_outbound
from dialogues.model import Script, Step
from dialogues.texts import placeholders
from storage.own import Message

EMPTIED: Final = "redrawn"
"""The kind of a message that shows nothing."""

MONTH = "month"
"""What stands in a text for the answers of the last weeks."""

UNSAID = "…"
"""What stands in an open conversation in place of words that are gone."""


@dataclass(frozen=True)
class Gone:
    """Answers of one conversation that are deleted: their names, the numbers of the messages that gave them, and what
    was said in them. ``pictured``: one of them may stand in a picture. ``proposed``: one may stand in the offer of an
    agreement, and in what is suggested for it. ``everything``: nothing of the conversation stays."""

    conversation: int
    names: frozenset[str]
    revisions: frozenset[int]
    words: frozenset[str] = frozenset()
    pictured: bool = False
    proposed: bool = False
    everything: bool = False

    @cached_property
    def questions(self) -> frozenset[str]:
        """Keys of the questions."""
        return frozenset(name.partition(":")[0] for name in self.names)


def heard_without(message: Message, gone: Gone, emptied: set[str]) -> bytes | None:
    """What is left of something the person sent, None where it stays. ``emptied`` holds ids of the messages before it
    of which nothing is left: a change of one of these goes with it."""
    heard = decode_heard(message.body).inbound
    tap = heard.tap
    is_tapped = tap is not None and tap.conversation == gone.conversation and tap.step in gone.names
    is_gone = (
        message.seq in gone.revisions
        or is_tapped
        or (heard.edit and heard.of in emptied)
        or (gone.everything and message.conversation == gone.conversation)
    )
    if not is_gone:
        return None
    emptied.add(str(message.message_id))
    return NOTHING


def told_without(message: Message, script: Script | None, gone: Gone, *, is_over: bool) -> Outbound | None:
    """What is left of something the person was told, None where it stays. ``script`` is that of its conversation. Of a
    question in a conversation that goes on the rest stays; anything else is emptied."""
    outbound = decode_outbound(message.body)
    here = message.conversation == gone.conversation
    suggests = gone.proposed and any(button.tap.action == "keep" for button in outbound.buttons)
    if not (here and gone.everything) and not suggests and not _repeats(outbound, script, gone, here):
        return None
    if is_over or outbound.kind not in ("asked", "offered"):
        return Outbound(EMPTIED, outbound.language, "")
    if suggests:
        return msgspec.structs.replace(outbound, text=outbound.text.rpartition("\n\n")[0], buttons=())
    return msgspec.structs.replace(outbound, text=_unsaid(outbound.text, gone.words), picture=None)


def _repeats(outbound: Outbound, script: Script | None, gone: Gone, here: bool) -> bool:
    """Whether a message shows one of the answers: in its text or picture, as a line to be shared, or by its ticks."""
    if here and gone.proposed and any(button.tap.action == "open" for button in outbound.buttons):
        return True
    step = script.by_key.get(outbound.step.partition(":")[0]) if script else None
    if script is None or step is None:
        return False
    if gone.pictured and (outbound.picture is not None or MONTH in placeholders(step.text)):
        return True
    if here and _shows(outbound, gone):
        return True
    return not gone.questions.isdisjoint(_filled_in(script, step, here))


def _shows(outbound: Outbound, gone: Gone) -> bool:
    offers = any(line.id.partition("|")[0] in gone.names for line in outbound.lines)
    return offers or (outbound.step in gone.names and any(button.ticked for button in outbound.buttons))


def _filled_in(script: Script, step: Step, here: bool) -> set[str]:
    """Keys of the questions whose answers stand in the text of a step; of its own dialogue only those from ``here``."""
    wanted = placeholders(step.text)
    remembered = {script.remember[name] for name in wanted if name in script.remember}
    own = {f"{step.key.partition('/')[0]}/{name}" for name in wanted} | {step.for_each}
    return remembered | own if here else remembered


def _unsaid(text: str, words: Collection[str]) -> str:
    """A text without these words. In a text each line of somebody's words stands apart."""
    lines = sorted({line for said in words for line in said.split("\n") if line.strip()}, key=len, reverse=True)
    for line in lines:
        text = text.replace(line, UNSAID)
    return text
