"""Hearing: what a message means where a conversation waits, and what it said in the words that the person saw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from bot.lines import option_text, point_text
from bot.messages import Inbound, Tap
from bot.rendering import Texts, Voice, line_of, ways_to_share
from bot.tokens import MARK, stands_for
from dialogues import answers, engine
from dialogues.answers import Vocabulary
from dialogues.events import Reason
from dialogues.model import AnswerKind, Ask, Say, Script, Share, Step
from dialogues.session import Outcome, Session
from dialogues.ticks import ticked


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
    chosen = ticked(step, session) if tap.action == "done" and step is not None else tap.choices
    if tap.action in ("choose", "done") and isinstance(step, Ask):
        labels = voice.ui["ui/separator"].join(_labels(step, chosen, voice, session))
        return "\n".join(filter(None, [labels, inbound.text]))
    if tap.action in ("share_lines", "done") and isinstance(step, Share):
        lines = engine.lines_offered(voice.script, step, session)
        picked = [line_of(voice, session, line).label for line in lines if line.id in chosen]
        return voice.ui["ui/separator"].join(picked) or voice.ui["ui/share.none"]
    if tap.action == "keep" and session.waiting in session.suggested:
        return voice.ui["ui/suggested.take"]
    return voice.ui.get(_ON_THE_BUTTON.get(tap.action, ""), "")


def in_full(tap: Tap, script: Script, session: Session) -> Tap:
    """A tap with the names that its tokens stand for, as far as they are those of the step that waits."""
    if MARK not in tap.step and MARK not in "".join(tap.choices):
        return tap
    if not stands_for(tap.step, session.waiting):
        return tap
    step = script.step(session.waiting)
    known = _choices(step, script, session)
    names = tuple(next((name for name in known if stands_for(choice, name)), choice) for choice in tap.choices)
    return msgspec.structs.replace(tap, step=session.waiting, choices=names)


def _choices(step: Step, script: Script, session: Session) -> tuple[str, ...]:
    if isinstance(step, Share):
        return tuple(line.id for line in engine.lines_offered(script, step, session))
    return answers.option_names(step, session) if isinstance(step, Ask) else ()


def is_second_press(tap: Tap, script: Script, session: Session) -> bool:
    """Whether a tap says once more what the answer before already says: fingers press twice."""
    name = next((each for each in reversed(tuple(session.done)) if not isinstance(script.step(each), Say)), "")
    if not name or not stands_for(tap.step, name):
        return False
    step, record = script.step(name), session.done[name]
    match tap.action:
        case "choose" if isinstance(step, Ask):
            return answers.chosen(step, session, tap.choices) == record
        case "skip":
            return record is Outcome.SKIPPED
        case "does_not_fit":
            return record is Outcome.DOES_NOT_FIT
        case "share_all" | "share_none" | "done":
            return True
        case _:
            return False


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
        case "tick" | "untick":
            return engine.Pick(tap.choices[0] if tap.choices else "", tap.action == "tick")
        case "done":
            return engine.Done()
        case _:
            return engine.Again()


def _typed_to_share(script: Script, session: Session, step: Share, heard: str, ui: Texts) -> engine.Input:
    """What stands on the buttons of a share step can be typed, in words or by its number."""
    lines = engine.lines_offered(script, step, session)
    if session.choosing:
        numbers = heard.split()
        if numbers and all(n.isdecimal() and 1 <= int(n) <= len(lines) for n in numbers):
            return engine.ShareLines(tuple(lines[int(n) - 1].id for n in numbers))
        if heard == answers.fold(ui["ui/share.none"]):
            return engine.ShareLines()
        return engine.Misunderstood(Reason.NOT_AN_OPTION)
    for number, context in enumerate(ways_to_share(lines), 1):
        if heard in (str(number), answers.fold(ui[context])):
            return _WAYS[context]
    return engine.Misunderstood(Reason.NOT_AN_OPTION)


def _labels(step: Ask, choices: tuple[str, ...], voice: Voice, session: Session) -> list[str]:
    """What stands on the buttons that were pressed; a button that nobody was shown has nothing on it."""
    if step.scale is not None:
        points = [int(choice) for choice in choices if choice.isdecimal() and len(choice) < 5]
        return [point_text(step, point, voice.texts, voice.language) for point in points]
    known = ("ok",) if step.kind is AnswerKind.OK else answers.option_names(step, session)
    chosen = [choice for choice in choices if choice in known]
    return [voice.note_text(option_text(step, choice, voice.texts, voice.ui)) for choice in chosen]
