"""What is true of every conversation: any inputs, in any order, on any valid script.

``Held`` looks at the invariants after every input; here are many conversations for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from random import Random

import pytest

from dialogues import engine
from dialogues.answers import Vocabulary, chosen, understand
from dialogues.engine import Input, Misunderstood
from dialogues.events import Answered, Asked, Offered, Shared
from dialogues.loader import check
from dialogues.model import AnswerKind, Ask, Say, Script, Share
from dialogues.model import Step as ModelStep
from dialogues.model import Test as Comparison
from dialogues.session import Answer, Session, Sharing
from tests.dialogues.answers_at_random import some_answer
from tests.dialogues.conversations_at_random import BLOCKS, CONVERSATIONS, begun, block, written
from tests.dialogues.moves_at_random import NONSENSE, some_move, wander


@pytest.mark.parametrize("number", range(BLOCKS))
def test_whatever_is_sent_a_conversation_stays_sound_and_comes_to_its_end(number: int) -> None:
    for dice, one, script in block(number):
        for _ in range(CONVERSATIONS):
            held = begun(dice, one, script)
            wander(dice, held, moves=30)
            assert held.session.closed
            held.send(*(dice.choice([engine.Back(), engine.Skip(), Answer(words="x")]) for _ in range(2)))


@pytest.mark.parametrize("number", range(BLOCKS))
def test_every_dialogue_made_at_random_passes_the_check_and_is_read_as_it_was_meant(number: int) -> None:
    for _, one, script in block(number):
        for name, text in one.library.items():
            assert check(text, file=f"{name}.yaml", library=one.library).problems == ()
        assert tuple(map(without_lines, script.steps)) == one.steps
        assert frozenset(script.rotations) == one.rotations


def without_lines(step: ModelStep) -> ModelStep:
    if isinstance(step, Ask):
        step = replace(step, options=tuple(replace(option, line=0) for option in step.options))
    return replace(step, line=0)


def test_the_scripts_made_at_random_have_everything_that_the_format_has() -> None:
    found = Counter(trait for number in range(BLOCKS) for *_, script in block(number) for trait in traits(script))
    wanted = {*(kind.value for kind in AnswerKind), *(test.value for test in Comparison)}
    wanted |= {"say", "share", "run", "when", "when any", "for each ask", "for each say", "for each own words"}
    wanted |= {"alone", "alones", "most", "own words", "groups of", "private", "private groups", "remember"}
    wanted |= {"not again within", "points", "ends", "numbers only", "placeholder", "tags", "guarded run", "several"}
    wanted |= {"topics", "topics of options", "picture", "rotate", "at most"}
    assert {trait for trait in wanted if found[trait] < 5} == set()


def traits(script: Script) -> Iterator[str]:
    """What of the format is in a script."""
    top = {"run": script.runs, "remember": script.remember, "rotate": script.rotations, "at most": script.at_most}
    yield from (name for name, is_there in top.items() if is_there)
    for step in script.steps:
        conditions = [c for guard in step.guards for c in (*guard.every, *guard.any)]
        yield from (condition.test.value for condition in conditions)
        flags = {
            "when": any(guard.every for guard in step.guards),
            "when any": any(guard.any for guard in step.guards),
            "guarded run": len(step.guards) > 1,
            "tags": bool(step.tags),
            "placeholder": "Before: {" in step.text,
            "say": isinstance(step, Say),
            "topics": bool(step.topics),
            "picture": isinstance(step, Say) and bool(step.picture),
            "share": isinstance(step, Share),
            "for each say": isinstance(step, Say) and bool(step.for_each),
        }
        yield from (name for name, is_there in flags.items() if is_there)
        if isinstance(step, Ask):
            yield from traits_of_question(script, step)


def traits_of_question(script: Script, ask: Ask) -> Iterator[str]:
    yield ask.kind.value
    source = script.by_key.get(ask.for_each)
    scale = ask.scale
    flags = {
        "for each ask": bool(ask.for_each),
        "for each own words": isinstance(source, Ask) and source.own_words,
        "topics of options": bool(ask.option_topics),
        "alone": bool(ask.alone),
        "alones": len(ask.alone) > 1,
        "most": ask.most is not None,
        "own words": ask.own_words,
        "groups of": bool(ask.groups_of),
        "several": len({option.group for option in ask.options}) > 1,
        "private": ask.private,
        "private groups": bool(ask.private_groups),
        "not again within": ask.rest is not None,
        "points": scale is not None and bool(scale.points),
        "ends": scale is not None and bool(scale.low_text),
        "numbers only": scale is not None and not scale.points and not scale.low_text,
    }
    yield from (name for name, is_there in flags.items() if is_there)


def test_the_moves_made_at_random_are_all_there_are() -> None:
    sent = Counter[type]()
    for dice, one, script in chain(block(0), block(1)):
        held = begun(dice, one, script)
        while not held.session.closed and len(held.told) < 100:
            move = some_move(dice, held)
            sent[type(move)] += 1
            held.send(move)
    assert {kind for kind in Input.__args__ if sent[kind] < 5} == set()  # type: ignore[attr-defined]


def test_the_same_inputs_give_the_same_conversation() -> None:
    def told(seed: int) -> list[object]:
        dice = Random(seed)
        held = begun(dice, *written(seed))
        wander(dice, held, moves=20)
        return [*held.told, held.session]

    for seed in range(40):
        assert told(seed) == told(seed)


def test_straight_through_every_question_is_asked_once_and_its_answer_stands() -> None:
    """Without going back, the answers are what was sent, in order, and the count goes up to the total."""
    for dice, one, script in block(1):
        held, sent, asked = begun(dice, one, script), {}, []
        while not held.session.closed:
            if isinstance(held.step, Share):
                held.send(engine.ShareAll())
                continue
            name = held.session.waiting
            asked.append(name)
            sent[name] = some_answer(dice, held.ask, held.session)
            held.send(sent[name])
        assert held.answers == sent
        assert len(asked) == len(set(asked))
        numbers = [event.number for event in held.told if isinstance(event, Asked) and event.number]
        assert numbers == sorted(set(numbers))


def test_a_person_who_only_skips_leaves_no_answer_and_shares_nothing() -> None:
    for dice, one, script in block(2):
        held = begun(dice, one, script)
        while not held.session.closed:
            held.send(engine.Skip())
        kept = [record for record in held.answers.values() if isinstance(record, Answer)]
        assert all(record == Answer(choices=("ok",)) for record in kept)
        assert not any(isinstance(event, Offered | Shared) for event in held.told)


def test_keeping_everything_shares_nothing_whatever_was_answered() -> None:
    for dice, one, script in block(3):
        held = begun(dice, one, script)
        while not held.session.closed:
            keep = isinstance(held.step, Share)
            held.send(engine.ShareLines() if keep else some_answer(dice, held.ask, held.session))
        assert not any(held.cards.values())
        assert not any(record.lines for record in held.session.done.values() if isinstance(record, Sharing))


def test_an_answer_that_is_understood_is_one_that_the_question_has() -> None:
    """Whatever is tapped or typed, only shown options, possible numbers and allowed combinations come through."""
    for dice, one, script in block(4):
        held = begun(dice, one, script)
        while not held.session.closed:
            if isinstance(ask := held.step, Ask):
                for given in heard(dice, ask, held.session):
                    assert isinstance(given, Misunderstood) or fits(ask, held.session, given), (ask, given)
            held.send(engine.ShareAll() if isinstance(ask, Share) else some_answer(dice, ask, held.session))


def heard(dice: Random, ask: Ask, session: Session) -> Iterator[Input]:
    names = [*NONSENSE, "1", "99", "-1", "yes", *(option.name for option in ask.options)]
    texts = [option.text for option in ask.options] + ["1", "1 2", "3, 1", "-1", "99", "0", "2.5", "x", "no"]
    vocabulary = Vocabulary({option.name: (option.text,) for option in ask.options}, (" and ",))
    for _ in range(6):
        yield chosen(ask, session, dice.sample(names, dice.randint(0, 3)), dice.choice(["", "words", "7"]))
        yield understand(ask, session, " and ".join(dice.sample(texts, dice.randint(1, 2))), vocabulary)


def fits(ask: Ask, session: Session, given: Input) -> bool:
    """Whether an answer is one that its question can have; said here in another way than in ``dialogues.answers``."""
    if not isinstance(given, Answer):
        return False
    match ask.kind:
        case AnswerKind.OK:
            return given == Answer(choices=("ok",))
        case AnswerKind.TEXT | AnswerKind.VOICE_OR_TEXT:
            return given == Answer(words=given.words) != Answer()
        case AnswerKind.NUMBER:
            return given == Answer(number=given.number) != Answer()
        case AnswerKind.DATE:
            return given == Answer(day=given.day) != Answer()
        case AnswerKind.SCALE:
            assert ask.scale is not None
            scale = range(ask.scale.low, ask.scale.high + 1)
            return given.number in scale and given == Answer(number=given.number)
        case AnswerKind.YES_OR_NO:
            return given in (Answer(choices=("yes",)), Answer(choices=("no",)))
    many = len(given.choices) + bool(given.words)
    shown = {option.name for option in engine.options_shown(ask, session)}
    most = 1 if ask.kind is AnswerKind.ONE_OF else ask.most or 100
    return (
        set(given.choices) <= shown
        and len(set(given.choices)) == len(given.choices)
        and 1 <= many <= most
        and (ask.own_words or not given.words)
        and (many == 1 or ask.alone.isdisjoint(given.choices))
    )


def test_what_is_asked_is_answered_or_asked_again() -> None:
    """Between two questions there is always what became of the first."""
    for dice, one, script in block(5):
        held = begun(dice, one, script)
        wander(dice, held, moves=25)
        answered = {event.name for event in held.told if isinstance(event, Answered)}
        asked = {event.name for event in held.told if isinstance(event, Asked)}
        assert answered <= asked
