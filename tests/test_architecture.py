"""The rooms stay apart: who may import whom, what lies at the top, and that no file names a package index."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"bot", "dialogues", "storage"}
MAY_IMPORT = {
    "dialogues": {"yaml", "msgspec"},
    "storage": {"sqlalchemy", "alembic", "psycopg", "cryptography", "msgspec"},
    "bot": {"dialogues", "storage"},
}
NOT_PURE = {"asyncio", "http", "logging", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time"}
CLOCK_READINGS = {"now", "today", "utcnow", "time_ns", "monotonic"}
FOLDERS = {".ci", ".github", "benchmarks", "bot", "deploy", "dialogues", "docs", "locales", "storage", "tests"}
INDEXES = re.compile(r"(py" + r"pi|python" + r"hosted|registry\.np" + r"mjs|deb\.deb" + r"ian)\.(org|com)")


def imports(source: str) -> Iterator[str]:
    """Every module that a source imports, by its full name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module


def modules_of(room: str) -> list[Path]:
    """Every source of a room."""
    return sorted((ROOT / room).rglob("*.py"))


def repository_files() -> list[str]:
    """What is, or could be, checked in."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_no_other_room_than_it_may(room: str) -> None:
    forbidden = ROOMS - MAY_IMPORT[room] - {room} | {"tests", "benchmarks"}
    assert modules_of(room)
    for path in modules_of(room):
        for name in imports(path.read_text(encoding="utf-8")):
            assert name.partition(".")[0] not in forbidden, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("room", ["dialogues", "storage"])
def test_an_inner_room_imports_few_libraries(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room} | sys.stdlib_module_names
    for path in modules_of(room):
        for name in imports(path.read_text(encoding="utf-8")):
            assert name.partition(".")[0] in allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_dialogues_know_no_clock_no_chance_and_no_world() -> None:
    for path in modules_of("dialogues"):
        source = path.read_text(encoding="utf-8")
        found = {name.partition(".")[0] for name in imports(source)} & NOT_PURE
        read = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)} & CLOCK_READINGS
        assert not found | read, f"{path.relative_to(ROOT)} uses {sorted(found | read)}"


def test_dialogues_can_be_imported_where_there_is_nothing_else() -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules_of("dialogues")]
    blocked = ["bot", "storage", "sqlalchemy", "telegram", "aiohttp", "asyncio", "pydantic", "babel"]
    program = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({blocked}))\n"
        f"for name in {names}: importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_locales_hold_no_code() -> None:
    assert not list((ROOT / "locales").rglob("*.py"))


def test_every_folder_at_the_top_has_its_place_in_the_architecture() -> None:
    assert {name.partition("/")[0] for name in repository_files() if "/" in name} <= FOLDERS


def test_no_file_names_a_package_index() -> None:
    named = [
        name
        for name in repository_files()
        if INDEXES.search((ROOT / name).read_bytes().decode("utf-8", errors="replace"))
    ]
    assert not named
