"""A coordinator's own folder with one short script, sound or with a slip in it, and the ``medvind`` command there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.forked import Command, Streams
from tests.running_demo import nowhere

ROOT = Path(__file__).parents[2]
TALK = """\
dialogue: talk
language: en

steps:

  hello:
    say: Hello {name}.

  week:
    ask: How was your week?
    answer: scale 1 to 3
    points: [Hard, In between, Good]
    label: Week

  hard:
    ask: What was hard?
    answer: any of
    options:
      noise: Noise
      boss: The boss
      home: Home
    own words: yes
    label: Hard

  secret:
    ask: What do you keep to yourself?
    answer: text
    private: yes
    label: Secret

  sharing:
    share: This is what {specialist} will see.
    offer: [week, hard, secret]

  goodbye:
    say: Thank you.
"""
SLIP = TALK.replace("{name}", "{nam}")
FOUND = 'talk.yaml:7:16  MV009  I cannot fill in "{nam}". Did you mean "name"?\n'
"""What is said about the slip."""


def write_script(folder: Path, text: str = TALK, name: str = "talk") -> Path:
    """A folder with this script, beside those that are there."""
    scripts = folder / "scripts"
    scripts.mkdir(exist_ok=True)
    (scripts / f"{name}.yaml").write_text(text, encoding="utf-8")
    return scripts


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its code, and what it said."""

    returncode: int | None
    stdout: str
    stderr: str


def medvind(folder: Path, *arguments: str, typed: str | bytes = "", **settings: str) -> Ended:
    """Run the command in a folder. ``settings`` are environment variables."""
    with TemporaryDirectory() as place:
        streams = Streams.within(Path(place), typed.encode() if isinstance(typed, str) else typed)
        code = Command(arguments, folder, nowhere() | settings, streams).end(120)
        out, wrong = streams.out.read_text("utf-8"), streams.wrong.read_text("utf-8")
    assert "Traceback" not in wrong, wrong
    return Ended(code, out, wrong)
