"""Every requirement is on its page once, and every test that is named there exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
LAST = {"S0": 10, "S1": 10, "S2": 9, "S3": 10, "S4": 9}
"""The last number of each study: R0.1 to R0.10, R1.1 to R1.10, and so on."""
NUMBERS = [f"R{study[1]}.{number}" for study, last in LAST.items() for number in range(1, last + 1)]

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| R\d", line)
]


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests in a file, which is read and not run."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def named(cell: str) -> list[tuple[str, str]]:
    """File and name of each test in a cell."""
    return re.findall(r"`([\w/]+\.py)::(\w+)`", cell)


def test_every_requirement_is_there_once_in_the_table_of_its_study() -> None:
    assert [row[0] for row in ROWS] == NUMBERS
    for study, part in zip(LAST, re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:], strict=True):
        assert part.startswith(f"{study}\n\n{study} is ")
        assert {number[1] for number in re.findall(r"^\| (R\d+\.\d+) \|", part, re.MULTILINE)} == {study[1]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_test_that_is_named_exists(row: list[str]) -> None:
    """A requirement names a test, or says what is not there yet. It can do both."""
    number, asked, proof = row
    assert asked.endswith("."), number
    tests = named(proof)
    assert tests or "**Not yet:**" in proof
    assert len(tests) == len({*tests}) == proof.count("::") == proof.count("`") // 2
    for path, name in tests:
        assert path.startswith("tests/"), path
        assert name in names_in(path), f"{path}::{name}"


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/requirements.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
