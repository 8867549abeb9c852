"""Every requirement on the page about security names tests that exist, and none stands there twice."""

from __future__ import annotations

import re

import pytest

from tests.bot.test_requirements_page import ROOT, named, names_in

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ANSWERED, LEFT = (
    [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| V\d.*$", part, re.MULTILINE)]
    for part in PAGE.split("What is left out, and why:")
)


def numbers(cell: str) -> list[str]:
    """The requirements that a cell names, a range as its ends."""
    return re.findall(r"V\d+\.\d+\.\d+", cell)


def test_no_requirement_stands_there_twice_and_they_are_in_order() -> None:
    for rows in (ANSWERED, LEFT):
        ends = [tuple(map(int, numbers(row[0])[0][1:].split("."))) for row in rows]
        assert ends == sorted(ends)
    found = [number for row in [*ANSWERED, *LEFT] for number in numbers(row[0])]
    assert len(found) == len({*found})


@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row[0])
def test_every_test_that_is_named_exists(row: list[str]) -> None:
    _, asked, proof = row
    tests = named(proof)
    assert asked.endswith(".")
    assert tests
    assert len(tests) == len({*tests}) == proof.count("::") == proof.count("`") // 2
    for path, name in tests:
        assert name in names_in(path), f"{path}::{name}"


@pytest.mark.parametrize("row", LEFT, ids=lambda row: row[0])
def test_what_is_left_out_has_a_reason(row: list[str]) -> None:
    assert len(row) == 2
    assert row[1].endswith(".")
