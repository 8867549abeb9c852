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
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.catalogs import Catalogs
from dialogues import engine, loader
from dialogues.answers import Vocabulary, understand
from dialogues.events import Answered, Asked, Closed, Corrected, Event, Line, NotUnderstood, Offered, Said, Shared
from dialogues.model import Ask, Script
from dialogues.session import Answer, Session
from dialogues.texts import fill

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


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    return Catalogs.load(ROOT / "locales", allow_drafts=True)


@dataclass
class Conversation:
    """One conversation as its transcript tells it."""

    script: Script
    texts: Mapping[str, str]
    values: Mapping[str, str]
    session: Session
    offered: tuple[Line, ...] = ()

    def hold(self, begun: tuple[Event, ...], sent: list[str]) -> Iterator[str]:
        yield from self.shown(begun)
        for words in sent:
            yield f"> {words}\n"
            self.session, events = engine.play(self.script, self.session, self.meant(words))
            self.session = Session.from_json(self.session.to_json())
            yield from self.shown(events)

    def meant(self, words: str) -> engine.Input:
        """What the person sent, as an input."""
        if words in MOVES:
            return MOVES[words]
        if picked := re.fullmatch(r"\(share ([\d, ]*)\)", words):
            return engine.ShareLines(tuple(self.offered[int(n) - 1].id for n in re.findall(r"\d+", picked[1])))
        step = self.script.step(self.session.waiting)
        assert isinstance(step, Ask), f"{words!r} answers a question, and none waits"
        labels = {name: (text,) for name, text in self.choices(step)}
        return understand(step, self.session, words, Vocabulary(labels))

    def choices(self, step: Ask) -> list[tuple[str, str]]:
        """The answers to choose from, by name, as they are worded."""
        if step.scale:
            points = [str(point) for point in range(step.scale.low, step.scale.high + 1)]
            return [(point, self.texts[f"{step.key}/{point}"]) for point in points]
        shown = engine.options_shown(step, self.session)
        return [(option.name, self.filled(f"{step.key}/{option.name}")) for option in shown]

    def filled(self, context: str) -> str:
        return fill(self.texts[context], self.values, isolate=False)

    def shown(self, events: tuple[Event, ...]) -> Iterator[str]:
        for event in events:
            match event:
                case Said(name):
                    yield self.filled(name) + "\n"
                case Asked(name):
                    yield self.filled(name)
                    step = self.script.step(name)
                    assert isinstance(step, Ask)
                    yield "".join(f"    {n} {text}\n" for n, (_, text) in enumerate(self.choices(step), 1))
                case Offered(name, lines):
                    self.offered = lines
                    yield self.filled(name)
                    yield "".join(f"    [{n}] {self.line(line)}\n" for n, line in enumerate(lines, 1))
                case Shared(_, lines):
                    yield "Shared:" if lines else "Nothing is shared."
                    yield "".join(f"    {self.line(line)}\n" for line in lines)
                case NotUnderstood(_, reason, details):
                    yield f"(not understood: {' '.join((reason, *details))})\n"
                case Corrected(name, _, answer):
                    yield f"({name} is {'corrected' if answer else 'taken back'})\n"
                case Closed():
                    yield "(the end)\n"
                case Answered():
                    pass

    def line(self, line: Line) -> str:
        """One line of what can be shared: its label and the answer, in words."""
        step, answer = self.script.step(line.name), self.session.done[line.name]
        assert isinstance(step, Ask)
        assert isinstance(answer, Answer)
        inside = engine.part(step, answer, line.group)
        named = dict(self.choices(step))
        chosen = [str(inside.number)] if inside.number is not None else list(inside.choices)
        told = [*(named[choice] for choice in chosen), *([f'"{inside.words}"'] if inside.words else [])]
        label = self.filled(f"{step.key}.label" + (f"/{line.group}" if line.group else ""))
        return f"{label}: {', '.join(told)}{' (private)' if line.private else ''}"


def held(text: str, catalogs: Catalogs) -> str:
    """A transcript, held again."""
    head, _, body = text.partition("\n\n")
    known = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    script = loader.load(LIBRARY[known["script"]], LIBRARY)
    texts = catalogs.script_texts(script, known["language"])
    assert texts is not None, f"{known['language']} lacks texts of {script.dialogue}"
    remembered = {name: _remembered(script, name, known[name]) for name in script.remember if name in known}
    words = {name: answer.words for name, answer in remembered.items()}
    values = {"name": known["name"], "specialist": known["specialist"], **words}
    resting = frozenset(f"{script.dialogue}/{name}" for name in known.get("resting", "").split(", ") if name)
    session, events = engine.start(script, remembered, resting)
    sent = [line[2:] for line in body.splitlines() if line.startswith("> ")]
    shown = "\n".join(Conversation(script, texts, values, session).hold(events, sent))
    return f"{head}\n\n{shown.rstrip()}\n"


def _remembered(script: Script, name: str, said: str) -> Answer:
    """An earlier answer as the head gives it: the number of a point, the name of an option, or words."""
    dialogue, _, step = script.remember[name].partition("/")
    asked = loader.load(LIBRARY[dialogue], LIBRARY).step(f"{dialogue}/{step}")
    assert isinstance(asked, Ask)
    if asked.scale:
        return Answer(number=int(said))
    return Answer(choices=(said,)) if asked.options else Answer(words=said)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_is_written_down(file: Path, catalogs: Catalogs) -> None:
    written = file.read_text(encoding="utf-8")
    now = held(written, catalogs)
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
    }


def test_a_change_of_words_is_noticed(catalogs: Catalogs) -> None:
    written = FILES[0].read_text(encoding="utf-8")
    head, _, body = written.partition("\n\n")
    tampered = f"{head}\n\nAnother {body}"
    assert held(tampered, catalogs) == written != tampered
