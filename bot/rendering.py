"""Rendering: events of the engine -> messages in one language. Pure: no channel, no clock, no storage."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, assert_never

import msgspec

from bot.dates import day_text, weekday_and_date
from bot.digest.answering import Expected, asks
from bot.lines import CardLine, each_text, line_text, option_text, point_text
from bot.messages import Action, Button, Outbound, ShareLine, Tap
from bot.questions import Choice, Question, in_words
from dialogues import engine
from dialogues.answers import LONGEST_WORDS
from dialogues.events import (
    Answered,
    Asked,
    Closed,
    Corrected,
    Event,
    Line,
    NotUnderstood,
    Offered,
    Picked,
    Reason,
    Said,
    Shared,
)
from dialogues.meanings import TICKED
from dialogues.model import Ask, Script, Share, Step
from dialogues.session import Answer, Session
from dialogues.texts import fill
from dialogues.ticks import ticked

Texts = Mapping[str, str]


class Plurals(Protocol):
    """What rendering needs of the catalogues beside plain texts."""

    def count(self, language: str, context: str, n: int) -> str:
        """The plural form of a text for ``n``."""


def never() -> bool:
    """No."""
    return False


def nobody() -> None:
    """Nobody who would answer is known."""


class Voice(msgspec.Struct, frozen=True):
    """Everything that words one conversation: its script and texts in one language, and who the names stand for."""

    script: Script
    texts: Texts
    ui: Texts
    plurals: Plurals
    language: str
    conversation: int
    names: dict[str, str]
    """``name`` of the participant and of the ``specialist``; may be opened only when they are looked up."""
    reads: str = "on working days"
    """How often what is shared is read, as the programme says it."""
    expected: Callable[[], Expected | None] = nobody
    """Who reads what is shared now, and by when they answer; asked only where something asks for an answer."""
    translates: Callable[[], bool] = never
    """Whether a program will translate own words that are shared now; asked only where there are some."""
    wants_faces: Callable[[], bool] = never
    """Whether the person wants faces beside words; asked only where a scale can have them."""
    discreet: bool = False
    """Answers of earlier conversations are not repeated: others may read along where this is shown."""
    questions: dict[str, Question] = {}
    """The questions of the script that are in words already, by key. Conversations in the same words share them."""

    def question(self, ask: Ask) -> Question:
        """A question of the script in words."""
        made = self.questions.get(ask.key)
        if made is None:
            made = self.questions[ask.key] = in_words(ask, self.texts, self.ui, self.language)
        return made

    def note(self, context: str, **values: str) -> Outbound:
        """A sentence of the wording."""
        text = fill(self.ui[context], ChainMap(values, self.names))
        return Outbound("note", self.language, text, self.conversation)

    def note_text(self, text: str) -> str:
        """A text of an option with the names in it."""
        return fill(text, ChainMap({"each": ""}, self.names)) if "{" in text else text


def rendered(voice: Voice, session: Session, events: Sequence[Event]) -> list[Outbound]:
    """What the person is told about these events, in order. ``session`` is the one after them."""
    messages = [message for event in events for message in _of_event(voice, session, event)]
    if events and isinstance(events[-1], Closed):
        return _closed(voice, messages)
    return messages


def line_of(voice: Voice, session: Session, line: Line) -> ShareLine:
    """A line as the specialist would see it, in the participant's language."""
    worded = line_text(
        voice.script, card_line(voice.script, session, line), voice.texts, voice.ui, voice.language, voice.names
    )
    return msgspec.structs.replace(worded, private=line.private)


def card_line(script: Script, session: Session, line: Line) -> CardLine:
    """A line with the answer it stands for, as it is stored when it is shared."""
    answer, ask = session.done[line.name], script.step(line.name)
    assert isinstance(answer, Answer), "only answers are offered"
    assert isinstance(ask, Ask), "only questions have answers"
    return CardLine(line.name, line.group, engine.part(ask, answer, line.group))


def _of_event(voice: Voice, session: Session, event: Event) -> Iterator[Outbound]:
    match event:
        case Asked():
            yield _asked(voice, session, event)
        case Answered() | Closed() | Picked():
            return
        case Said(name):
            text = step_text(voice, session, name)
            yield Outbound("said", voice.language, text, voice.conversation, name)
        case Offered():
            yield _offered(voice, session, event)
        case NotUnderstood():
            yield _not_understood(voice, session, event)
        case Shared(_, lines):
            yield _shared(voice, session, lines)
        case Corrected(_, _, None):
            yield voice.note("ui/taken_back")
        case Corrected():
            yield voice.note("ui/corrected")
        case _:
            assert_never(event)


def _closed(voice: Voice, messages: list[Outbound]) -> list[Outbound]:
    """The last thing that is said closes the conversation; a script that says nothing at its end gets a sentence."""
    if messages and messages[-1].kind == "said":
        return [*messages[:-1], msgspec.structs.replace(messages[-1], kind="closed")]
    return [*messages, msgspec.structs.replace(voice.note("ui/all_done"), kind="closed")]


def step_text(voice: Voice, session: Session, name: str) -> str:
    """The text of a step, with names and earlier answers in it."""
    return _filled(voice.texts[voice.script.step(name).key], voice, session, name)


def _filled(text: str, voice: Voice, session: Session, name: str) -> str:
    return fill(text, _Values(voice, session, name)) if "{" in text else text


class _Values(dict[str, str]):
    """What a text of one step can be filled with, each looked up when a text has it: an earlier answer of its own
    dialogue, one that is remembered, what a repeated step is about, or a name."""

    def __init__(self, voice: Voice, session: Session, name: str) -> None:
        super().__init__()
        self._of = voice, session, name

    def __missing__(self, wanted: str) -> str:
        voice, session, name = self._of
        key = f"{name.partition('/')[0]}/{wanted}"
        if isinstance(given := session.done.get(key), Answer):
            return answer_text(voice, key, given)
        if (earlier := session.remembered.get(wanted)) is not None:
            if voice.discreet:
                return voice.ui["ui/messenger.said_before"]
            return answer_text(voice, voice.script.remember.get(wanted, ""), earlier)
        return _each(voice, session, name) if wanted == "each" else voice.names[wanted]


def _each(voice: Voice, session: Session, name: str) -> str:
    """What a repeated step is about; for a person's own words these words."""
    step = voice.script.step(name)
    about = session.done.get(step.for_each)
    own = about.words if isinstance(about, Answer) and name.endswith(":own_words") else ""
    return own or fill(each_text(voice.script, name, voice.texts), voice.names, isolate=False)


def answer_text(voice: Voice, key: str, answer: Answer) -> str:
    """An answer to the question called ``key``, in words and as one piece of text."""
    ask = voice.script.by_key.get(key.partition(":")[0])
    if not isinstance(ask, Ask):
        return _of_agreement(voice, answer)
    values = ChainMap({"each": ""}, voice.names)
    parts = [fill(option_text(ask, c, voice.texts, voice.ui), values, isolate=False) for c in answer.choices]
    if answer.number is not None:
        parts.append(point_text(ask, answer.number, voice.texts, voice.language))
    if answer.day:
        parts.append(day_text(answer.day, voice.language))
    return voice.ui["ui/separator"].join(filter(None, [*parts, answer.words]))


def _of_agreement(voice: Voice, answer: Answer) -> str:
    """What an agreement says, which the conversation is about: its words, its day, or who does it."""
    people = {"participant": "name", "specialist": "specialist"}
    owners = [
        voice.names[people[choice]] if choice in people else voice.ui[f"ui/agreement.{choice}"]
        for choice in answer.choices
        if choice in (*people, "together", "someone_else")
    ]
    day = day_text(answer.day, voice.language) if answer.day else ""
    return voice.ui["ui/separator"].join(filter(None, [*owners, day, answer.words]))


# Questions ----------------------------------------------------------------------------------------------------------


def _asked(voice: Voice, session: Session, event: Asked) -> Outbound:
    ask = voice.script.step(event.name)
    assert isinstance(ask, Ask), "only questions are asked"
    question = voice.question(ask)
    text = _filled(question.text, voice, session, event.name)
    buttons = _buttons(voice, session, event.name, ask, question)
    if event.suggested is not None:
        said = fill(voice.ui["ui/suggested"], {"words": answer_text(voice, event.name, event.suggested)})
        text = f"{text}\n\n{said}"
        buttons = [_way(voice, event.name, "keep", "ui/suggested.take"), *buttons]
    return Outbound(
        "asked",
        voice.language,
        text,
        voice.conversation,
        event.name,
        tuple(buttons),
        question.pick or ("one" if event.suggested is not None else ""),
        question.most,
        question.alone,
        question.is_scale,
        question.typed,
        question.placeholder,
        _controls(voice, session, event, question),
        number=event.number,
        total=event.total,
    )


def _buttons(voice: Voice, session: Session, name: str, ask: Ask, question: Question) -> list[Button]:
    conversation = voice.conversation
    choices: Iterable[Choice] = question.choices
    if ask.hides_options:
        shown = {option.name for option in engine.options_shown(ask, session)}
        choices = [choice for choice in choices if choice.name in shown]
    on = ticked(ask, session)
    draws = not ask.faces or voice.wants_faces()
    return [
        Button(
            _filled(choice.label, voice, session, name) if question.is_filled else choice.label,
            Tap(conversation, name, "choose", choice.chosen),
            choice.heading,
            choice.name in on,
            "",
            choice.drawing if draws else "",
        )
        for choice in choices
    ]


def shows_faces(voice: Voice, step: Step) -> bool:
    """Whether faces stand beside the points of a question."""
    return isinstance(step, Ask) and step.faces and voice.wants_faces()


def _way(voice: Voice, name: str, action: Action, context: str, drawn: str = "") -> Button:
    """A way on that chooses none of the answers."""
    return Button(voice.ui[context], Tap(voice.conversation, name, action), "", False, "", drawn)


def _controls(voice: Voice, session: Session, event: Asked, question: Question) -> tuple[Button, ...]:
    """Beside the answers."""
    name, ways = event.name, []
    if event.before is not None:
        ways.append(_way(voice, name, "keep", "ui/keep"))
    if question.has_skip:
        ways.append(_way(voice, name, "skip", "ui/skip"))
    if question.is_scale:
        ways.append(_way(voice, name, "does_not_fit", "ui/does_not_fit"))
    if engine.is_after_a_question(voice.script, session):
        ways.append(_way(voice, name, "back", "ui/back"))
    return tuple(ways)


def _offered(voice: Voice, session: Session, event: Offered) -> Outbound:
    step = voice.script.step(event.name)
    assert isinstance(step, Share), "only share steps offer"
    lines = tuple(line_of(voice, session, line) for line in event.lines)
    began_ticked = event.choosing and session.sharing == TICKED
    back = _way(voice, event.name, "back", "ui/back")
    text = step_text(voice, session, event.name)
    if event.choosing:
        text = text if began_ticked else fill(voice.ui["ui/share.choosing"], voice.names)
        on = ticked(step, session)
        buttons = [
            Button(each.label, Tap(voice.conversation, event.name, "share_lines", (each.id,)), ticked=each.id in on)
            for each in lines
        ]
    else:
        ways = ways_to_share(event.lines)
        buttons = [
            _way(voice, event.name, action, way, _DRAWN[action])
            for way, action in ((way, _ACTIONS[way]) for way in ways)
        ]
    if not event.choosing or began_ticked:
        text = _with_days(voice, session, event.lines, text)
    if tells_of_translation(voice, session, event):
        text = f"{text}\n{fill(voice.ui['ui/share.translated'], voice.names)}"
    return Outbound(
        kind="offered",
        language=voice.language,
        text=text,
        conversation=voice.conversation,
        step=event.name,
        buttons=tuple(buttons),
        pick="many" if event.choosing else "one",
        controls=(_none_of_it(voice, event.name), back) if began_ticked else (back,),
        lines=lines,
    )


def tells_of_translation(voice: Voice, session: Session, event: Event) -> bool:
    """Whether these lines are offered with the sentence that a program translates own words: where they are seen
    first, and only where some are among them."""
    if not isinstance(event, Offered) or (event.choosing and session.sharing != TICKED):
        return False
    own_words = any(card_line(voice.script, session, line).answer.words for line in event.lines)
    return own_words and voice.translates()


def _with_days(voice: Voice, session: Session, lines: Sequence[Line], text: str) -> str:
    """The text under which lines are seen first, with who reads what asks for an answer, and when they answer it."""
    days = _on_the_days(voice, session, lines, "ui/share.asks")
    return f"{text}\n{days.text}" if days else text


def _shared(voice: Voice, session: Session, lines: Sequence[Line]) -> Outbound:
    if not lines:
        return voice.note("ui/share.kept")
    usual = f"ui/share.shared.{voice.reads.replace(' ', '_')}"
    return _on_the_days(voice, session, lines, "ui/share.shared.asks") or voice.note(usual)


def _on_the_days(voice: Voice, session: Session, lines: Sequence[Line], context: str) -> Outbound | None:
    """A sentence with the two days. None where nothing asks for an answer, or nobody is known who gives one."""
    if not asks(voice.script, [card_line(voice.script, session, line) for line in lines]):
        return None
    expected = voice.expected()
    if expected is None:
        return None
    day, by = (weekday_and_date(each, voice.language) for each in expected.days)
    return voice.note(context, reader=expected.reader, day=day, by=by)


def _none_of_it(voice: Voice, name: str) -> Button:
    """One press for those who find everything ticked and want to keep it this time."""
    return _way(voice, name, "share_none", "ui/share.none")


def ways_to_share(lines: Sequence[Line]) -> list[str]:
    """The contexts of the buttons under a share list, in order. Only what each button does is on it: with private
    lines there is no "all"."""
    some_are_private = any(line.private for line in lines)
    all_of_it = "ui/share.all_but_private" if some_are_private else "ui/share.all"
    can_be_shared_at_once = any(not line.private for line in lines)
    return [*([all_of_it] if can_be_shared_at_once else []), "ui/share.choose", "ui/share.none"]


_ACTIONS: Mapping[str, Action] = {
    "ui/share.all": "share_all",
    "ui/share.all_but_private": "share_all",
    "ui/share.choose": "share_choose",
    "ui/share.none": "share_none",
}
_DRAWN: Mapping[Action, str] = {"share_all": "send", "share_choose": "list", "share_none": "lock"}


def _not_understood(voice: Voice, session: Session, event: NotUnderstood) -> Outbound:
    context = f"ui/again.{event.reason}"
    match event.reason:
        case Reason.TOO_MANY | Reason.TOO_LONG:
            n = int(event.details[0]) if event.details else LONGEST_WORDS
            text = fill(voice.plurals.count(voice.language, context, n), {"n": str(n)})
            return Outbound("note", voice.language, text, voice.conversation)
        case Reason.OUT_OF_RANGE:
            return voice.note(context, low=event.details[0], high=event.details[1])
        case Reason.SEVERAL_MATCH:
            return voice.note(context, options=voice.ui["ui/separator"].join(_named(voice, session, event)))
        case Reason.ALONE:
            return voice.note(context, option=_named(voice, session, event)[0])
        case _:
            return voice.note(context)


def _named(voice: Voice, session: Session, event: NotUnderstood) -> list[str]:
    """What the options in the details are called."""
    ask = voice.script.step(event.name)
    assert isinstance(ask, Ask), "only questions are misunderstood"
    if ask.scale is not None:
        return [point_text(ask, int(point), voice.texts, voice.language) for point in event.details]
    values = _Values(voice, session, event.name)
    return [fill(option_text(ask, option, voice.texts, voice.ui), values) for option in event.details]
