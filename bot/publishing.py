"""Publishing: scripts of a folder -> immutable versions in the database, with every complete language.

A dialogue that was published in the console is the console's from then on: the folder does not change it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from bot import seconding
from bot.catalogs import Catalogs
from bot.editor.wordings import Wordings
from bot.plain.remarks import remarks
from dialogues.loader import bundle, check
from dialogues.model import Script
from dialogues.problems import CATALOGUE, Problem
from storage import publications, scripts

_LET_READ = "Let the user that Medvind runs as read it, or take it out of the folder."


class Worded(Protocol):
    """Where the texts of scripts come from: the catalogues, or what lies over them."""

    languages: tuple[str, ...]

    def written_texts(self, script: Script, language: str) -> Mapping[str, str] | None:
        """Every text of a script, None where the language lacks one."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder of scripts, read: those that are sound, and everything that keeps the folder from being published.
    ``advice`` keeps nobody from that: what a reader may find hard, or unkind."""

    sources: Mapping[str, str]
    scripts: Mapping[str, Script]
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...] = ()

    def only(self, name: str) -> Checked:
        """One of them, which does not wait for the others to be sound. What it runs has to be: it is part of it."""
        return Checked(
            self.sources,
            {known: script for known, script in self.scripts.items() if known == name},
            *(tuple(one for one in found if one.file == f"{name}.yaml") for found in (self.problems, self.advice)),
        )

    def without(self, names: Iterable[str]) -> Checked:
        """The same without some of them, whatever is wrong there."""
        gone = frozenset(names)
        files = {f"{name}.yaml" for name in gone}
        return Checked(
            self.sources,
            {name: script for name, script in self.scripts.items() if name not in gone},
            *(tuple(one for one in found if one.file not in files) for found in (self.problems, self.advice)),
        )


class NotPublished(Exception):
    """Some scripts have problems, so none was published. ``problems`` are all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def read_folder(folder: Path, instead: Mapping[str, str] | None = None) -> Checked:
    """Every script of a folder, by the name of its file. ``instead`` are texts that count in place of the folder's."""
    texts, closed = dict[str, bytes](), list[Problem]()
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[path.stem] = path.read_bytes()
        except OSError:
            closed.append(Problem("MV001", 1, 1, "This file cannot be opened.", _LET_READ, path.name))
    texts |= {name: text.encode() for name, text in (instead or {}).items()}
    sources = {name: text.decode("utf-8", "replace") for name, text in texts.items()}
    found = {name: check(text, file=f"{name}.yaml", library=sources) for name, text in texts.items()}
    scripts = {name: one.script for name, one in found.items() if one.script is not None}
    said = [each for name, script in scripts.items() for each in remarks(script, f"{name}.yaml")]
    return Checked(
        sources,
        scripts,
        (
            *closed,
            *(problem for one in found.values() for problem in one.problems),
            *(o for o in said if not _is_advice(o)),
        ),
        tuple(filter(_is_advice, said)),
    )


def beside_console(
    conn: Connection, folder: Path, catalogs: Catalogs, *, wanted: str = "", checked: Checked | None = None
) -> tuple[Checked, Worded, frozenset[str]]:
    """The folder beside what was published in the console, where the texts come from, and the dialogues that are left
    alone. Whatever runs one of those has the text in use of it. ``wanted`` is taken from the folder all the same;
    ``checked`` is the folder, where it was read already."""
    held = publications.held(conn) - {wanted}
    if not held:
        return checked or read_folder(folder), catalogs, held
    versions = [version for name in sorted(held) if (version := scripts.latest(conn, name)) is not None]
    in_use = {version.dialogue: version.sources[version.dialogue] for version in versions}
    return read_folder(folder, in_use).without(held), Wordings(catalogs, (), versions, as_published=True), held


def _is_advice(problem: Problem) -> bool:
    return CATALOGUE[problem.code].advice


def publish(
    conn: Connection, checked: Checked, catalogs: Worded, *, by: str, now: datetime, second: str | None = None
) -> dict[str, int]:
    """Dialogue -> its version now. What did not change keeps its version, and so does what ``waiting`` holds back.

    ``second`` is who agrees beside ``by``; None where one is enough, as in a trial. Raises NotPublished.
    """
    if checked.problems:
        raise NotPublished(checked.problems)
    alone = second is not None and not seconding.are_two(by, second)
    held = waiting(conn, checked, catalogs) if alone else {}
    names = f"{by}, {second}" if second and not alone else by
    return {
        name: held[name] if name in held else _publish(conn, checked, name, catalogs, names, now)
        for name in checked.scripts
    }


def waiting(conn: Connection, checked: Checked, catalogs: Worded) -> dict[str, int]:
    """Dialogues that only two people together can publish as they are now, with the version that is in use."""
    newest = {name: scripts.latest(conn, name) for name in checked.scripts}
    return {
        name: before.version
        for name, before in newest.items()
        if before is not None and seconding.needs_two(before, checked.scripts[name], _texts(checked, name, catalogs))
    }


def _publish(conn: Connection, checked: Checked, name: str, catalogs: Worded, by: str, now: datetime) -> int:
    return scripts.publish(conn, name, bundle(name, checked.sources), _texts(checked, name, catalogs), by, now)


def _texts(checked: Checked, name: str, catalogs: Worded) -> Mapping[str, Mapping[str, str]]:
    """The script in every language that has all of it, with the words for women and men."""
    script = checked.scripts[name]
    languages = {script.language, *catalogs.languages}
    return {code: found for code in sorted(languages) if (found := catalogs.written_texts(script, code)) is not None}
