"""A coordinator's own folder with one short script, sound or with a slip in it, and the ``medvind`` command there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def medvind(
    folder: Path, *arguments: str, typed: str | bytes = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder. ``settings`` are environment variables."""
    environment = nowhere() | {"PYTHONPATH": str(ROOT)} | settings
    given = typed.encode() if isinstance(typed, str) else typed
    command = [sys.executable, "-m", "bot", *arguments]
    ended = subprocess.run(command, cwd=folder, env=environment, input=given, capture_output=True, timeout=120)
    out, wrong = (stream.decode() for stream in (ended.stdout, ended.stderr))
    assert "Traceback" not in wrong, wrong
    return subprocess.CompletedProcess(command, ended.returncode, out, wrong)
