"""Golden conversations: each file of tests/transcripts is held again and must read as it stands.

A coordinator can read and write one. The head says which script, which language and what is known from before; a line
with ``>`` is what the person sends: words, numbers, or one of ``(skip)``, ``(does not fit)``, ``(back)``, ``(keep)``,
``(share all)``, ``(choose)``, ``(share 1, 3)``. Everything else is what the person is shown. After a change of words,
``MEDVIND_REFRESH=1 pytest tests/bot/test_transcripts.py`` writes the shown part anew: read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.messages import Button, Outbound, ShareLine
from bot.rendering import line_of
from dialogues import engine, loader
from dialogues.events import Offered, Shared
from dialogues.model import AnswerKind, Ask, Script
from dialogues.session import Answer
from tests.bot.digest_samples import plain
from tests.bot.wording_talk import Talk, talk

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests/transcripts"
LIBRARY = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "dialogues/scripts").glob("*.yaml")}
FILES = sorted(FOLDER.glob("*.txt"))
MOVES: Mapping[str, engine.Input] = {
    "(skip)": engine.Skip(),
    "(does not fit)": engine.Skip(does_not_fit=True),
    "(back)": engine.Back(),
    "(keep)": engine.Keep(),
    "(share all)": engine.ShareAll(),
    "(choose)": engine.ChooseLines(),
}


def held(text: str) -> str:
    """A transcript, held again."""
    head, _, body = text.partition("\n\n")
    known = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    script = loader.load(LIBRARY[known["script"]], LIBRARY)
    remembered = {name: _remembered(script, name, known[name]) for name in script.remember if name in known}
    resting = frozenset(f"{script.dialogue}/{name}" for name in known.get("resting", "").split(", ") if name)
    names = {"name": known["name"], "specialist": known["specialist"], "month": known.get("month", "")}
    suggested = {f"{script.dialogue}/what": Answer(words=known["suggested"])} if "suggested" in known else {}
    one = talk(known["script"], known["language"], remembered, resting, names=names, suggested=suggested)
    sent = [line[2:] for line in body.splitlines() if line.startswith("> ")]
    return f"{head}\n\n{chr(10).join(_lines(one, sent)).rstrip()}\n"


def _lines(one: Talk, sent: list[str]) -> Iterator[str]:
    yield from _shown(one)
    for words in sent:
        yield f"> {words}\n"
        if words in MOVES:
            one.send(MOVES[words])
        elif picked := re.fullmatch(r"\(share ([\d, ]*)\)", words):
            one.send(engine.ShareLines(tuple(_offered(one)[int(n) - 1] for n in re.findall(r"\d+", picked[1]))))
        else:
            one.type(words)
        yield from _shown(one)


def _offered(one: Talk) -> list[str]:
    """The ids of the lines that are offered now."""
    offered = one.held.last[-1]
    assert isinstance(offered, Offered), "only what is offered can be shared"
    return [line.id for line in offered.lines]


def _shown(one: Talk) -> Iterator[str]:
    """What the last input brought, and what left with it."""
    for event in one.held.last:
        if isinstance(event, Shared):
            yield "(This leaves:)" if event.lines else "(Nothing leaves.)"
            yield "".join(f"    {_line(line_of(one.voice, one.held.session, line))}\n" for line in event.lines)
    for message in one.last:
        yield plain(message.text)
        yield "".join(_under(message))
    if one.held.session.closed:
        yield "(the end)\n"


def _under(message: Outbound) -> Iterator[str]:
    """What can be chosen: answers with their numbers, or lines."""
    if message.lines:
        yield from (f"    [{n}] {_line(line)}\n" for n, line in enumerate(message.lines, 1))
        return
    group = ""
    for place, button in enumerate(message.buttons, 1):
        if button.group != group:
            group = button.group
            yield f"  {plain(group)}\n"
        yield f"    {_number(message, button, place)} {plain(button.label)}\n"


def _number(message: Outbound, button: Button, place: int) -> str:
    return button.tap.choices[0] if message.scale else str(place)


def _line(line: ShareLine) -> str:
    told = ", ".join(filter(None, [plain(line.value), f'"{line.own_words}"' if line.own_words else ""]))
    return f"{plain(line.label)}: {told}{' (private)' if line.private else ''}"


def _remembered(script: Script, name: str, said: str) -> Answer:
    """An earlier answer as the head gives it: the number of a point, the name of an option, a day, or words."""
    dialogue, _, step = script.remember[name].partition("/")
    asked = loader.load(LIBRARY[dialogue], LIBRARY).step(f"{dialogue}/{step}")
    assert isinstance(asked, Ask)
    if asked.scale:
        return Answer(number=int(said))
    if asked.kind is AnswerKind.DATE:
        return Answer(day=said)
    return Answer(choices=(said,)) if asked.options else Answer(words=said)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_is_written_down(file: Path) -> None:
    written = file.read_text(encoding="utf-8")
    now = held(written)
    if os.environ.get("MEDVIND_REFRESH"):
        file.write_text(now, encoding="utf-8")
        return
    assert now == written


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_written_down_conversation_comes_to_its_end(file: Path) -> None:
    assert file.read_text(encoding="utf-8").endswith("(the end)\n")


def test_there_is_one_for_every_script_and_every_language() -> None:
    heads = [file.read_text(encoding="utf-8").partition("\n\n")[0] for file in FILES]
    assert {name for head in heads for name in re.findall(r"^script: (\w+)$", head, re.MULTILINE)} == set(LIBRARY)
    assert {code for head in heads for code in re.findall(r"^language: (\w+)$", head, re.MULTILINE)} == {
        "en",
        "nb",
        "ar",
        "uk",
    }


def test_a_change_of_words_is_noticed() -> None:
    written = FILES[0].read_text(encoding="utf-8")
    head, _, body = written.partition("\n\n")
    tampered = f"{head}\n\nAnother {body}"
    assert held(tampered) == written != tampered
