"""What an operator, a coordinator or a participant can meet is in the docs: settings and commands, no more and no less.

Script keys and problem codes have tests of their own, in ``tests/dialogues``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import app
from bot.commands import Command
from bot.config import Settings
from bot.wording import WORDING

ROOT = Path(__file__).parent.parent
DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHIPPED = {"scripts": "the shipped ones", "locales": "the shipped ones", "programme": "the demo's example"}


def rows(page: str, first: str) -> list[list[str]]:
    """The cells of the table on a page whose first heading is ``first``."""
    table = re.search(rf"^\| {first} \|.*\n\|[-|]+\n((?:\|.*\n)+)", DOCS[page], re.MULTILINE)
    assert table is not None, f"{page} has no table that begins with {first}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].strip().split("\n")]


def test_every_setting_is_documented_in_order() -> None:
    assert [row[0] for row in rows("settings.md", "setting")] == [
        f"`MEDVIND_{name.upper()}`" for name in Settings.model_fields
    ]


def test_the_defaults_are_those_of_the_code() -> None:
    fields = Settings.model_fields
    for (name, field), (_, meaning, default, _) in zip(fields.items(), rows("settings.md", "setting"), strict=True):
        assert meaning, name
        if name in SHIPPED:
            assert default.startswith(SHIPPED[name])
        elif name != "database_url":
            said = str(field.get_default() or "").strip("*")
            assert default == (f"`{said}`" if said else ""), name


def test_the_examples_are_settings_that_can_be_used(tmp_path: Path) -> None:
    examples = {row[0].strip("`"): row[3] for row in rows("settings.md", "setting")}
    given = {
        name.removeprefix("MEDVIND_").lower(): value.strip("`")
        for name, value in examples.items()
        if re.fullmatch("`.*`", value) and name not in ("MEDVIND_SCRIPTS", "MEDVIND_LOCALES", "MEDVIND_AUDIO")
    }
    assert len(given) == len(Settings.model_fields) - 5
    assert Settings(**given).port == 8081


def test_every_setting_that_is_mentioned_anywhere_exists() -> None:
    known = {f"MEDVIND_{name.upper()}" for name in Settings.model_fields}
    for_tests = {"MEDVIND_REFRESH", "MEDVIND_PICTURES"}
    for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("dialogues/scripts/README.md")]:
        assert set(re.findall(r"MEDVIND_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))) <= known | for_tests, path


def commands() -> Iterator[str]:
    """Every command of the program, as it is typed."""
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inside = getattr(command, "commands", None)
        yield from (f"medvind {name} {each}" for each in inside) if inside else [f"medvind {name}"]


def test_every_command_of_the_program_is_documented_in_order() -> None:
    terminal = DOCS["commands.md"].partition("## In a conversation")[0]
    assert re.findall(r"^\| `(medvind [a-z ]+)` \|", terminal, re.MULTILINE) == list(commands())


def test_every_option_is_named_beside_its_command() -> None:
    described = {row[0].strip("`"): row[1] for row in rows("commands.md", "command")}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        for param in getattr(command, "params", ()):
            option = max(param.opts, key=len)
            if option.startswith("--") and option not in ("--help", "--scripts"):
                assert option in described[f"medvind {name}"], f"{name} {option}"


@pytest.mark.parametrize("page", ["README.md", *DOCS])
def test_every_command_that_is_mentioned_exists(page: str) -> None:
    text = README if page == "README.md" else DOCS[page]
    known = {word for command in commands() for word in [command, command.rpartition(" ")[0]]} | {"medvind"}
    for found in re.findall(r"(?:`|bin/|^ {4})(medvind(?: translate)? [a-z]+)\b", text, re.MULTILINE):
        assert found in known, found


def test_every_command_of_participants_is_documented() -> None:
    table = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$", DOCS["commands.md"], re.MULTILINE)
    assert table == [(command.value, WORDING[f"ui/command.{command}"]) for command in Command]


def test_every_page_can_be_reached_from_the_readme() -> None:
    assert set(re.findall(r"\(docs/([a-z_-]+\.md)\)", README)) >= set(DOCS)


@pytest.mark.parametrize("page", DOCS)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", DOCS[page]):
        path, _, anchor = link.partition("#")
        target = (ROOT / "docs" / path) if path else ROOT / "docs" / page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, link


def test_every_case_of_telegram_has_the_tests_that_it_names() -> None:
    rows = re.findall(r"^\| (\d+) \| \*.+?\* .+ \| (.+) \|$", DOCS["telegram-cases.md"], re.MULTILINE)
    named = {name for _, tests in rows for name in re.findall(r"`(test_\w+)`", tests)}
    written = {
        name
        for path in (ROOT / "tests" / "bot").glob("test_telegram_*.py")
        for name in re.findall(r"def (test_case_\w+)", path.read_text(encoding="utf-8"))
    }
    assert [int(number) for number, _ in rows] == list(range(1, 55))
    assert named == written
    assert all(f"test_case_{number:0>2}_" in tests for number, tests in rows)
