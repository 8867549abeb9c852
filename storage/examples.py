"""Examples: made-up conversations of a dialogue, with the course that they have to take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from storage.schema import script_example

Course = Sequence[Sequence[str]]


class Example(NamedTuple):
    """One conversation: what is answered at which step, and what came of it when it was last found right."""

    id: int
    dialogue: str
    name: str
    answers: Mapping[str, str]
    course: Course
    staff_id: int
    at: datetime


def add(
    conn: Connection,
    dialogue: str,
    name: str,
    answers: Mapping[str, str],
    course: Course,
    staff_id: int,
    now: datetime,
) -> int:
    """The number of a new example."""
    row = {"dialogue": dialogue, "name": name, "answers": dict(answers), "course": [list(each) for each in course]}
    made = conn.execute(insert(script_example), {**row, "staff_id": staff_id, "at": now})
    return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0


def of(conn: Connection, dialogue: str) -> list[Example]:
    """The examples of a dialogue, in the order in which they were made."""
    asked = select(script_example).filter_by(dialogue=dialogue).order_by(script_example.c.id)
    return [Example(**row._mapping) for row in conn.execute(asked)]


def right_now(conn: Connection, example: Example, course: Course, staff_id: int, now: datetime) -> None:
    """The course that an example takes now is the right one."""
    values = {"course": [list(each) for each in course], "staff_id": staff_id, "at": now}
    conn.execute(update(script_example).where(script_example.c.id == example.id).values(**values))


def remove(conn: Connection, dialogue: str, number: int) -> bool:
    """Whether there was such an example of the dialogue; now there is none."""
    chosen = (script_example.c.id == number) & (script_example.c.dialogue == dialogue)
    return conn.execute(delete(script_example).where(chosen)).rowcount == 1
