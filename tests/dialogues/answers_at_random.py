"""Answers at random: valid ones, to a question of any kind."""

from __future__ import annotations

from datetime import date
from random import Random

from dialogues.engine import options_shown
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer, Session

THOUGHTS = ("I was tired", "{name} {specialist} {", "تعبت كثيرا", "one\ntwo", "1, 2", "skip", "🙂", "⁩⁦", "a|b:c/d", "0")
"""What people write. Some of it looks like something else."""


def all_shown(ask: Ask) -> Session:
    """A session in which a question shows every option it has."""
    groups = dict.fromkeys(option.group for option in ask.options)
    return Session(done={ask.groups_of: Answer(choices=tuple(groups))} if ask.groups_of else {})


def some_answer(dice: Random, ask: Ask, session: Session) -> Answer:
    """A valid answer to a question."""
    match ask.kind:
        case AnswerKind.OK:
            return Answer(choices=("ok",))
        case AnswerKind.TEXT:
            return Answer(words=dice.choice(THOUGHTS))
        case AnswerKind.VOICE_OR_TEXT:
            return dice.choice([Answer(words=dice.choice(THOUGHTS)), Answer(voice="file:7")])
        case AnswerKind.NUMBER:
            return Answer(number=dice.choice([dice.randint(-10, 30), 0, 2.5]))
        case AnswerKind.DATE:
            return Answer(day=date(2024, dice.randint(1, 12), dice.randint(1, 28)).isoformat())
        case AnswerKind.SCALE:
            assert ask.scale is not None
            return Answer(number=dice.randint(ask.scale.low, ask.scale.high))
        case AnswerKind.YES_OR_NO:
            return Answer(choices=(dice.choice(["yes", "no"]),))
        case AnswerKind.ONE_OF:
            own = [Answer(words=dice.choice(THOUGHTS))] if ask.own_words else []
            return dice.choice([*own, *(Answer(choices=(option.name,)) for option in ask.options)])
        case AnswerKind.ANY_OF:
            return _some_of(dice, ask, session)


def _some_of(dice: Random, ask: Ask, session: Session) -> Answer:
    shown = [option.name for option in options_shown(ask, session)]
    lonely = [name for name in shown if name in ask.alone]
    free = [name for name in shown if name not in ask.alone]
    if lonely and (not free or dice.random() < 0.2):
        return Answer(choices=(dice.choice(lonely),))
    words = dice.choice(THOUGHTS) if ask.own_words and (not free or dice.random() < 0.3) else ""
    most = min(len(free), (ask.most or len(free)) - bool(words))
    return Answer(choices=tuple(dice.sample(free, dice.randint(0 if words else 1, most))), words=words)
