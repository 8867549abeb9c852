"""A check-in of nine questions, held three times by everybody, in words that tell who answered what and when."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bot.turn_world import Person

NINE = "dialogue: nine\ntitle: Nine questions\nlanguage: en\n\nsteps:\n" + "".join(
    f"\n  question{number}:\n    ask: Question {number}?\n    answer: text\n" for number in range(1, 10)
)
TIMES = (1, 2, 3)
QUESTIONS = range(1, 10)


def words(person: int, talk: int, number: int) -> str:
    """What a person answers to a question the so-manieth time."""
    return f"{person} says {number} in talk {talk}"


def thrice(person: int) -> Iterator[str]:
    """The thirty messages of one person."""
    for talk in TIMES:
        yield "start"
        yield from (words(person, talk, number) for number in QUESTIONS)


async def thrice_answered(person: Person) -> None:
    """Every answer is there once, under its own question, and everything that was said has a number of its own."""
    found = [(one.conversation, one.question, one.value) for one in await person.answers()]
    assert found == [
        (talk, f"question{number}", words(person.id, talk, number)) for talk in TIMES for number in QUESTIONS
    ]
    assert await person.conversations() == [("nine", "closed")] * len(TIMES)
    numbers = await person.seqs()
    assert numbers == list(range(1, len(numbers) + 1))
