"""The record of who read how questions about work are worded: each stands there as it is asked, or was read anew.

``docs/wording-review.md`` is written by people. Its table has one row for each question with one of ``TAGS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dialogues.model import Ask
from tests.bot.test_shipped_content import FOR_PARTICIPANTS
from tests.bot.test_shipped_content import SCRIPTS as SHIPPED

PAGE = Path(__file__).parents[2] / "docs" / "wording-review.md"
TAGS = frozenset({"env", "soc:c", "soc:m", "soc:me", "lang", "wants:change"})
"""What is asked about a workplace, and could describe what a person lacks."""
WHAT_TO_DO = (
    "Read the new wording: does it describe the place, and not what a person lacks? Then write it into "
    "docs/wording-review.md as it stands here, with who read it and on which day; the earlier reading does not count."
)


class Reading(NamedTuple):
    """One row: the wording that was read, what it says of the place, who read it and when."""

    wording: str
    place: str
    authors: str
    lived: str


def worded(ask: Ask) -> str:
    """A question as people read it, and what its answer is called on a card, on one line."""
    options = " / ".join(option.text for option in ask.options)
    return f"{' '.join(ask.text.split())} [{options}] ({ask.label})"


def about_work() -> dict[str, str]:
    """Every question of participants that is tagged, with its wording."""
    asks = (step for name in FOR_PARTICIPANTS for step in SHIPPED[name].steps if isinstance(step, Ask))
    return {ask.key: worded(ask) for ask in asks if TAGS & {*ask.tags}}


def recorded(page: str) -> dict[str, Reading]:
    """The table of the page."""
    rows = re.findall(r"^\| `([a-z_/]+)` \| (.*) \|$", page, re.MULTILINE)
    return {key: Reading(*(cell.strip() for cell in cells.split(" | "))) for key, cells in rows}


def differences(asked: Mapping[str, str], known: Mapping[str, Reading]) -> Iterator[str]:
    """What is asked and was not read like this, and what was read and is not asked any more."""
    for key, wording in asked.items():
        if key not in known:
            yield f"{key} is new: {wording}. {WHAT_TO_DO}"
        elif known[key].wording != wording:
            yield f"{key} is worded anew: {wording}. {WHAT_TO_DO}"
    for key in known.keys() - asked.keys():
        yield f"{key} is not asked any more, or not tagged. Take its row out of docs/wording-review.md."


def test_every_question_about_work_was_read_as_it_is_worded() -> None:
    assert list(differences(about_work(), recorded(PAGE.read_text(encoding="utf-8")))) == []


def test_each_row_says_what_it_describes_who_read_it_and_when() -> None:
    rows = recorded(PAGE.read_text(encoding="utf-8"))
    assert len(rows) >= 14
    for key, row in rows.items():
        assert row.place, key
        for reading in (row.authors, row.lived):
            found = re.search(r"\d{4}-\d\d-\d\d$", reading)
            assert reading == "nobody yet" or (found and date.fromisoformat(found[0])), (key, reading)
        assert row.authors != "nobody yet", key


def test_a_change_of_one_word_a_new_question_and_one_that_went_are_told_apart() -> None:
    asked, known = about_work(), recorded(PAGE.read_text(encoding="utf-8"))
    key, other = "workplace/knew", "workplace/breaks"
    changed = {**asked, key: asked[key].replace("know", "manage", 1), "workplace/newer": "Are you able? [] (Able)"}
    del changed[other]
    told = sorted(differences(changed, known))
    assert [line.partition(". ")[0].partition(":")[0] for line in told] == sorted(
        [f"{key} is worded anew", "workplace/newer is new", f"{other} is not asked any more, or not tagged"]
    )
    assert all("docs/wording-review.md" in line for line in told)
