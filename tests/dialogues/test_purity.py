"""``dialogues`` works where there is nothing else: no other room, no network, no database, and no C parser for YAML."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCKED = ["bot", "storage", "sqlalchemy", "telegram", "aiohttp", "asyncio", "babel", "cryptography", "yaml._yaml"]

PROGRAM = """
import sys
sys.modules.update(dict.fromkeys({blocked}))
from pathlib import Path
from dialogues import engine, loader, outline, texts
from dialogues.engine import Skip, play, start
import yaml
assert not yaml.__with_libyaml__
library = {{path.stem: path.read_text(encoding="utf-8") for path in Path("dialogues/scripts").glob("*.yaml")}}
for name, text in library.items():
    script = loader.load(text, library)
    session, _ = start(script)
    while session.waiting:
        session, _ = play(script, session, Skip())
    print(name, len(texts.texts_of(script)), outline.longest_path(script))
"""

PROBLEMS = """
import sys
sys.modules["yaml._yaml"] = None
sys.path.insert(0, "tests/dialogues")
from test_problems import FILES, comments, problems_of
for path in FILES:
    data = path.read_bytes()
    found = [f"{each.line}:{each.column} {each.code} {each.message} {each.hint}".rstrip() for each in problems_of(data)]
    if found != comments(data, "expect"):
        print(path.name, found)
"""


def run(program: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_a_check_in_can_be_held_where_there_is_nothing_else() -> None:
    held = run(PROGRAM.format(blocked=BLOCKED)).split("\n")
    assert {line.split()[0] for line in held if line} == {p.stem for p in (ROOT / "dialogues/scripts").glob("*.yaml")}


def test_the_same_problems_are_found_without_the_c_parser() -> None:
    assert run(PROBLEMS) == ""
