"""Scene: what of a script there is for one person at this moment: the steps that are played, their options, and the
lines that would be shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialogues import meanings
from dialogues.conditions import holds
from dialogues.events import Line
from dialogues.model import OWN_WORDS, Ask, Option, Script, Share, Step, is_counted
from dialogues.session import Answer, Record, Session


def names(script: Script, session: Session) -> Iterable[tuple[str, Step]]:
    """Every step with its name, from the top; a repeated one once for each option that was chosen."""
    return script.named or _repeated(script, session)


def counted(script: Script, session: Session) -> Iterable[tuple[str, Ask]]:
    """Those of them that progress is counted in."""
    return script.counted or ((name, step) for name, step in _repeated(script, session) if is_counted(step))


def applies(script: Script, step: Step, session: Session) -> bool:
    """Whether a step is played as things stand now."""
    if isinstance(step, Ask) and step.is_for_all:
        return step.key not in session.resting
    if step.guards and not holds(step.guards, session):
        return False
    if step.topics and not _let_in(step.topics, session):
        return False
    if isinstance(step, Ask):
        return step.key not in session.resting and (not step.hides_options or _has_a_choice(step, session))
    return not isinstance(step, Share) or (
        session.sharing != meanings.KEEP and bool(lines_offered(script, step, session))
    )


def options_shown(step: Ask, session: Session) -> tuple[Option, ...]:
    """The options of a question that this person sees: of grouped ones, those whose group was chosen before; and none
    about a topic that the person does not let us ask about."""
    shown = step.options
    if step.groups_of:
        chosen = choices(session.done.get(step.groups_of))
        shown = tuple(option for option in shown if option.group in chosen)
    if step.option_topics and session.topics is not None:
        hidden = {name for name, topic in step.option_topics.items() if topic not in session.topics}
        shown = tuple(option for option in shown if option.name not in hidden)
    return shown


def lines_offered(script: Script, step: Share, session: Session) -> tuple[Line, ...]:
    """What a share step offers, in its own order: one line for each answer, or for each option group of it."""
    return tuple(
        line
        for key in step.offer
        for name, record in _records_of(script, key, session)
        if isinstance(record, Answer)
        for line in _lines(name, script.step(key), record, session)
    )


def part(step: Ask, answer: Answer, group: str) -> Answer:
    """The part of an answer that lies in one option group (``own_words``: the free text); all of it for ``""``."""
    if not group:
        return answer
    if group == OWN_WORDS:
        return Answer(words=answer.words)
    inside = {option.name for option in step.options if option.group == group}
    return Answer(choices=tuple(choice for choice in answer.choices if choice in inside))


def choices(record: Record | None) -> tuple[str, ...]:
    """The options that were chosen, if any."""
    return record.choices if isinstance(record, Answer) else ()


def is_worth_asking(step: Ask, shown: Iterable[Option]) -> bool:
    """Whether there is something to choose among the options that are shown of a question that hides some: not only
    those that stand alone, like "nothing"."""
    return any(option.name not in step.alone for option in shown)


def _has_a_choice(step: Ask, session: Session) -> bool:
    """Whether anything is left to choose of a question that hides some options."""
    if step.option_topics:
        return is_worth_asking(step, options_shown(step, session))
    return bool(options_shown(step, session))


def _let_in(topics: tuple[str, ...], session: Session) -> bool:
    return session.topics is None or session.topics.issuperset(topics)


def _repeated(script: Script, session: Session) -> Iterator[tuple[str, Step]]:
    for step in script.steps:
        if not step.for_each:
            yield step.key, step
            continue
        for choice in _repeats(session.done.get(step.for_each)):
            yield f"{step.key}:{choice}", step


def _lines(name: str, step: Step, answer: Answer, session: Session) -> Iterator[Line]:
    assert isinstance(step, Ask), "only questions have answers"
    if not step.groups_of:
        yield Line(name, private=step.private)
        return
    groups = dict.fromkeys(option.group for option in options_shown(step, session))
    for group in groups:
        if part(step, answer, group).choices:
            yield Line(name, group, step.private or group in step.private_groups)
    if answer.words:
        yield Line(name, OWN_WORDS, step.private or not step.private_groups.isdisjoint(groups))


def _records_of(script: Script, key: str, session: Session) -> Iterator[tuple[str, Record | None]]:
    for_each = script.step(key).for_each
    found = [f"{key}:{choice}" for choice in _repeats(session.done.get(for_each))] if for_each else [key]
    return ((name, session.done.get(name)) for name in found)


def _repeats(record: Record | None) -> tuple[str, ...]:
    """What a ``for each`` step is repeated for: the chosen options, and the person's own words if any."""
    own = (OWN_WORDS,) if isinstance(record, Answer) and record.words else ()
    return (*choices(record), *own)
