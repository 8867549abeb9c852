"""Hearing: what a message means where a conversation waits, and what it said in the words that the person saw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.lines import option_text, point_text
from bot.messages import Inbound, Tap
from bot.rendering import Texts, Voice, line_of, ways_to_share
from dialogues import answers, engine
from dialogues.answers import Vocabulary
from dialogues.events import Reason
from dialogues.model import AnswerKind, Ask, Script, Share
from dialogues.session import Session


def meant(
    inbound: Inbound, script: Script, session: Session, ui: Texts, vocabulary: Callable[[Ask], Vocabulary]
) -> engine.Input:
    """The engine's input for a message to the step that waits. ``vocabulary`` is asked for typed words only."""
    step, tap = script.step(session.waiting), inbound.tap
    if tap is not None and tap.action != "choose":
        return _pressed(tap)
    if isinstance(step, Share):
        return _typed_to_share(script, session, step, answers.fold(inbound.text), ui)
    assert isinstance(step, Ask), "only questions and share steps wait"
    if tap is not None:
        return answers.chosen(step, session, tap.choices, inbound.text)
    return answers.understand(step, session, inbound.text, vocabulary(step))


def said(inbound: Inbound, voice: Voice, session: Session) -> str:
    """What the person said, in the words they saw: kept with the message, for the page that shows both sides."""
    tap = inbound.tap
    if tap is None:
        return inbound.text
    step = voice.script.by_key.get(tap.step.partition(":")[0])
    if tap.action == "choose" and isinstance(step, Ask):
        chosen = voice.ui["staff/separator"].join(_labels(step, tap, voice, session))
        return "\n".join(filter(None, [chosen, inbound.text]))
    if tap.action == "share_lines" and isinstance(step, Share):
        lines = engine.lines_offered(voice.script, step, session)
        picked = [line_of(voice, session, line).label for line in lines if line.id in tap.choices]
        return voice.ui["staff/separator"].join(picked) or voice.ui["ui/share.none"]
    return voice.ui.get(_ON_THE_BUTTON.get(tap.action, ""), "")


_ON_THE_BUTTON = {
    "skip": "ui/skip",
    "does_not_fit": "ui/does_not_fit",
    "back": "ui/back",
    "keep": "ui/keep",
    "share_all": "ui/share.all",
    "share_choose": "ui/share.choose",
    "share_none": "ui/share.none",
}
_WAYS: Mapping[str, engine.Input] = {
    "ui/share.all": engine.ShareAll(),
    "ui/share.all_but_private": engine.ShareAll(),
    "ui/share.choose": engine.ChooseLines(),
    "ui/share.none": engine.ShareLines(),
}


def _pressed(tap: Tap) -> engine.Input:
    match tap.action:
        case "skip":
            return engine.Skip()
        case "does_not_fit":
            return engine.Skip(does_not_fit=True)
        case "back":
            return engine.Back()
        case "keep":
            return engine.Keep()
        case "share_all":
            return engine.ShareAll()
        case "share_choose":
            return engine.ChooseLines()
        case "share_none":
            return engine.ShareLines()
        case "share_lines":
            return engine.ShareLines(tap.choices)
        case _:
            return engine.Again()


def _typed_to_share(script: Script, session: Session, step: Share, heard: str, ui: Texts) -> engine.Input:
    """What stands on the buttons of a share step can be typed, in words or by its number."""
    lines = engine.lines_offered(script, step, session)
    if session.choosing:
        numbers = heard.split()
        if numbers and all(n.isdecimal() and 1 <= int(n) <= len(lines) for n in numbers):
            return engine.ShareLines(tuple(lines[int(n) - 1].id for n in numbers))
        return engine.Misunderstood(Reason.NOT_AN_OPTION)
    for number, context in enumerate(ways_to_share(lines), 1):
        if heard in (str(number), answers.fold(ui[context])):
            return _WAYS[context]
    return engine.Misunderstood(Reason.NOT_AN_OPTION)


def _labels(step: Ask, tap: Tap, voice: Voice, session: Session) -> list[str]:
    """What stands on the buttons that were pressed; a button that nobody was shown has nothing on it."""
    if step.scale is not None:
        points = [int(choice) for choice in tap.choices if choice.isdecimal() and len(choice) < 5]
        return [point_text(step, point, voice.texts, voice.language) for point in points]
    known = ("ok",) if step.kind is AnswerKind.OK else answers.option_names(step, session)
    chosen = [choice for choice in tap.choices if choice in known]
    return [voice.note_text(option_text(step, choice, voice.texts, voice.ui)) for choice in chosen]
