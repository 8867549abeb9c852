"""Every ``medvind`` command as it is typed, in a folder with a coordinator's own scripts."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import takewhile
from pathlib import Path
from urllib.parse import urljoin

import pytest
from typer.main import get_command

from bot.__main__ import app
from bot.config import EXAMPLE
from bot.programme import load_programme
from tests.bot.own_script import FOUND, ROOT, SLIP, TALK, medvind, write_script
from tests.running_demo import Visitor, running_demo

NO_KEY = "Medvind needs a key: set MEDVIND_KEY, or name a key file."
PROGRAMME = (ROOT / "tests/bot/around_programme.yaml").read_text(encoding="utf-8")
OF_TALK = PROGRAMME.replace("first: onboarding", "first: talk").replace("check-in: weekly", "check-in: talk")


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Help -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_every_command(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = medvind(tmp_path, *arguments)
    said = ended.stdout + ended.stderr
    for command in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"\n  {command} " in said
    assert not re.search(r"[a-z]\.\.\.$", said, re.MULTILINE), "a summary is cut off"
    assert everything_in(tmp_path) == {}


def test_help_loads_nothing_of_what_the_commands_need() -> None:
    heavy = ("aiohttp", "asyncio", "babel", "pydantic", "rich", "sqlalchemy", "yaml")
    code = f"""
import sys
sys.argv = ["medvind", "--help"]
from bot.__main__ import main
try:
    main()
except SystemExit as ended:
    assert not ended.code
print(*[name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stderr == "\n"


def test_a_command_that_does_not_exist_is_said(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "pubish")
    assert ended.returncode == 2
    assert "No such command 'pubish'" in ended.stderr


# check, diagram -------------------------------------------------------------------------------------------------


def test_check_of_own_scripts(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "check", "--scripts", str(write_script(tmp_path)))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "talk: at most 3 questions\nNo problems.\n", "")


def test_check_says_where_and_what_to_do(tmp_path: Path) -> None:
    write_script(tmp_path, TALK.replace("dialogue: talk", "dialogue: sound"), "sound")
    scripts = write_script(tmp_path, SLIP)
    ended = medvind(tmp_path, "check", MEDVIND_SCRIPTS=str(scripts))
    assert ended.returncode == 1
    assert FOUND in ended.stdout
    assert "sound: at most 3 questions\n" in ended.stdout
    assert "No problems" not in ended.stdout


def test_check_of_what_is_shipped_finds_nothing(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "check")
    assert ended.returncode == 0
    assert "weekly_checkin: at most 7 questions\n" in ended.stdout
    assert "MV0" not in ended.stdout, "no problem, and no advice either"
    assert ended.stdout.endswith("\nNo problems.\n")


def test_check_compares_scripts_with_the_programme_and_looks_at_their_words(tmp_path: Path) -> None:
    asks = "alone: no\n    tags: asks:help"
    help_wanted = (
        "dialogue: help_wanted\nlanguage: en\nsteps:\n  help:\n    ask: Help!\n    answer: any of\n    options:\n"
        f'      letters: Letters\n      hours: Hours\n      no: "No"\n    {asks}\n'
    )
    scripts = write_script(tmp_path, help_wanted, "help_wanted")
    (tmp_path / "programme.yaml").write_text(f"{OF_TALK}role card:\n  does: [leters]\n", encoding="utf-8")
    given = {"MEDVIND_SCRIPTS": str(scripts), "MEDVIND_PROGRAMME": "programme.yaml"}
    ended = medvind(tmp_path, "check", **given)
    assert ended.returncode == 1
    assert [line for line in ended.stdout.split("\n") if "MV0" in line] == [
        'help_wanted.yaml:8:1  MV070  The role card does not say whose "letters" is. Did you mean "leters"?',
        'help_wanted.yaml:9:1  MV070  The role card does not say whose "hours" is. '
        'Put it under "does", "together" or "instead".',
        'programme.yaml:17:1  MV071  No question about help has an option "leters". Did you mean "letters"?',
        'help_wanted.yaml:4:1  MV082  "Help!" has an exclamation mark. Write a full stop. (Advice)',
    ]
    alone = medvind(tmp_path, "check", "--scripts", str(scripts))
    assert alone.returncode == 0
    assert "MV070" not in alone.stdout
    assert "MV082" in alone.stdout
    assert alone.stdout.endswith("No problems.\n")


def test_check_of_a_folder_without_scripts_or_of_none(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "check", "--scripts", ".")
    assert (ended.returncode, ended.stderr) == (
        1,
        "There are no scripts in .. A script is a file that ends in .yaml.\n",
    )
    ended = medvind(tmp_path, "check", "--scripts", "nowhere")
    assert ended.returncode == 2
    assert "'nowhere' does not exist" in ended.stderr
    ended = medvind(tmp_path, "check", MEDVIND_SCRIPTS="nowhere")
    assert (ended.returncode, ended.stderr) == (1, 'MEDVIND_SCRIPTS "nowhere": There is no such folder.\n')


def test_diagram(tmp_path: Path) -> None:
    scripts = str(write_script(tmp_path))
    ended = medvind(tmp_path, "diagram", "talk", "--scripts", scripts)
    assert ended.returncode == 0
    assert ended.stdout.startswith("talk\nAt most 3 questions")
    ended = medvind(tmp_path, "diagram", "talk", "--dot", "--scripts", scripts)
    assert ended.stdout.startswith('digraph "talk" {')
    ended = medvind(tmp_path, "diagram", "tlak", "--scripts", scripts)
    assert (ended.returncode, ended.stderr) == (1, 'There is no script called "tlak". There are: talk.\n')
    ended = medvind(tmp_path, "diagram", "talk", "--scripts", str(write_script(tmp_path, SLIP)))
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", FOUND)


# publish --------------------------------------------------------------------------------------------------------


def test_publish_first_unchanged_reworded_and_with_a_slip(tmp_path: Path) -> None:
    settings = {"MEDVIND_KEY": key(), "MEDVIND_SCRIPTS": str(write_script(tmp_path))}
    assert medvind(tmp_path, "publish", **settings).stdout == "talk: version 1, new\n"
    assert medvind(tmp_path, "publish", **settings).stdout == "talk: version 1, as before\n"
    write_script(tmp_path, TALK.replace("Thank you.", "Thanks."))
    assert medvind(tmp_path, "publish", "talk", "--by", "Noor", **settings).stdout == "talk: version 2, new\n"
    write_script(tmp_path, SLIP)
    ended = medvind(tmp_path, "publish", **settings)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", FOUND)
    with sqlite3.connect(tmp_path / "var" / "medvind.db") as database:
        kept = database.execute("SELECT version, published_by FROM script_version ORDER BY version").fetchall()
    database.close()
    assert kept == [(1, "command line"), (2, "Noor")]


def test_one_script_is_published_though_another_has_a_slip(tmp_path: Path) -> None:
    write_script(tmp_path, SLIP)
    scripts = write_script(tmp_path, TALK.replace("dialogue: talk", "dialogue: chat"), "chat")
    settings = {"MEDVIND_KEY": key(), "MEDVIND_SCRIPTS": str(scripts)}
    assert medvind(tmp_path, "publish", **settings).returncode == 1
    assert medvind(tmp_path, "publish", "talk", **settings).stderr == FOUND
    assert medvind(tmp_path, "publish", "chat", **settings).stdout == "chat: version 1, new\n"
    assert "There are: chat, talk." in medvind(tmp_path, "publish", "chta", **settings).stderr


# translate ------------------------------------------------------------------------------------------------------


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A copy of the shipped translations."""
    return Path(shutil.copytree(ROOT / "locales", tmp_path / "locales"))


def test_translate_leaves_what_is_up_to_date_as_it_is(tmp_path: Path, locales: Path) -> None:
    before = everything_in(locales)
    settings = {"MEDVIND_LOCALES": str(locales)}
    for command in ("extract", "update", "check", "status"):
        ended = medvind(tmp_path, "translate", command, **settings)
        assert (ended.returncode, ended.stderr) == (0, ""), command
        assert ended.stdout
    assert everything_in(locales) == before


def test_translate_begins_a_language_and_says_what_it_lacks(tmp_path: Path, locales: Path) -> None:
    settings = {"MEDVIND_LOCALES": str(locales)}
    ended = medvind(tmp_path, "translate", "update", "fi", **settings)
    assert ended.returncode == 0
    assert ended.stdout.startswith("fi: ")
    ended = medvind(tmp_path, "translate", "check", **settings)
    assert ended.returncode == 1
    assert "fi  ui/skip  It is not translated." in ended.stdout
    assert "suomi" in medvind(tmp_path, "translate", "status", **settings).stdout


def test_translate_refuses_what_it_cannot_read_and_writes_nothing(tmp_path: Path, locales: Path) -> None:
    settings = {"MEDVIND_LOCALES": str(locales)}
    broken = locales / "ar" / "LC_MESSAGES" / "messages.po"
    broken.write_text(broken.read_text(encoding="utf-8") + '\nmsgid "half\n', encoding="utf-8")
    before = everything_in(locales)
    ended = medvind(tmp_path, "translate", "update", "xx", **settings)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == '"xx" is not a language code that I know. Write it like nb, ar or fa_AF.\n'
    ended = medvind(tmp_path, "translate", "update", **settings)
    assert ended.returncode == 1
    assert str(broken) in ended.stderr
    ended = medvind(tmp_path, "translate", "extract", MEDVIND_SCRIPTS=str(write_script(tmp_path, SLIP)), **settings)
    assert ended.returncode == 1
    assert FOUND in ended.stdout
    assert everything_in(locales) == before


# run ------------------------------------------------------------------------------------------------------------


def test_run_without_a_key_or_with_no_key_at_all_makes_nothing(tmp_path: Path) -> None:
    for command in (("run", "--port", "0"), ("publish",)):
        ended = medvind(tmp_path, *command)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(NO_KEY)
        assert medvind(tmp_path, *command, MEDVIND_KEY="short").returncode == 1
    assert everything_in(tmp_path) == {}


def test_the_wrong_key_changes_nothing(tmp_path: Path) -> None:
    scripts = str(write_script(tmp_path))
    medvind(tmp_path, "publish", MEDVIND_KEY=key(), MEDVIND_SCRIPTS=scripts)
    database = tmp_path / "var" / "medvind.db"
    before = database.read_bytes()
    for command in (("run", "--port", "0"), ("publish",)):
        ended = medvind(tmp_path, *command, MEDVIND_KEY=key(), MEDVIND_SCRIPTS=scripts)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert "does not open this database" in ended.stderr
        assert "Nothing was changed." in ended.stderr
    assert database.read_bytes() == before


@pytest.mark.parametrize("demo", [("--demo",), ()])
def test_a_taken_port_gets_a_sentence_and_the_way_out(tmp_path: Path, taken_port: int, demo: tuple[str, ...]) -> None:
    ended = medvind(tmp_path, "run", *demo, "--port", str(taken_port), MEDVIND_KEY=key())
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"Port {taken_port} is taken by another program. Choose another one: make run PORT={taken_port + 1}"
        f" (or medvind run --port {taken_port + 1}).\n"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_an_address_of_another_machine_is_said(tmp_path: Path, host: str) -> None:
    ended = medvind(tmp_path, "run", "--port", "0", MEDVIND_KEY=key(), MEDVIND_HOST=host)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Medvind cannot listen on {host}: it is no address of this machine.")


@pytest.mark.parametrize("demo", [("--demo",), ()])
def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, demo: tuple[str, ...]) -> None:
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    ended = medvind(tmp_path, "run", *demo, "--port", "0", MEDVIND_KEY=key())
    assert ended.returncode == 1
    assert "cannot be made" in ended.stderr
    assert "MEDVIND_FOLDER" in ended.stderr


def test_a_database_that_is_away_is_said(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/medvind"
    ended = medvind(tmp_path, "publish", MEDVIND_KEY=key(), MEDVIND_DATABASE_URL=url)
    assert ended.returncode == 1
    assert ended.stderr.startswith("The database cannot be used: ")
    assert ended.stderr.endswith("Nothing was changed.\n")


def test_a_programme_whose_dialogue_no_script_is_does_not_start(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "run", "--port", "0", MEDVIND_KEY=key(), MEDVIND_SCRIPTS=str(write_script(tmp_path)))
    assert ended.returncode == 1
    named = ", ".join(load_programme(EXAMPLE, date(2026, 6, 1)).dialogues)
    assert f"programme.yaml names {named}, and there is no such script in" in ended.stderr
    ended = medvind(tmp_path, "run", "--port", "0", MEDVIND_KEY=key(), MEDVIND_PROGRAMME="none.yaml")
    assert (ended.returncode, ended.stderr) == (1, "none.yaml:1  This file is not there.\n")


def test_fresh_is_for_the_demo_alone(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "run", "--fresh", MEDVIND_KEY=key())
    assert (ended.returncode, ended.stderr) == (1, "--fresh is for the demo only: it throws data away.\n")
    assert everything_in(tmp_path) == {}


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_real_programme_is_served_until_it_is_stopped(tmp_path: Path, ending: signal.Signals) -> None:
    """Nobody new can be added to it, as nothing is signed; who is here goes on."""
    (tmp_path / "programme.yaml").write_text(OF_TALK.replace("example: yes", ""), encoding="utf-8")
    settings = {
        "MEDVIND_KEY": key(),
        "MEDVIND_SCRIPTS": str(write_script(tmp_path)),
        "MEDVIND_PROGRAMME": "programme.yaml",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MEDVIND")} | settings
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--port", "0"],
        cwd=tmp_path,
        env=environment | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    before = list(takewhile(lambda line: line != "\n", process.stdout))
    assert before[0] == "Nobody new can be added now. Everybody who is here goes on.\n"
    assert before[-1] == "  Nobody has called this help line: Two.\n"
    said = process.stdout.readline()
    assert said.startswith("Medvind is running at http://127.0.0.1:")
    assert "Help now" in Visitor().get(said.split()[4].rstrip(".") + "/help")
    busy = medvind(tmp_path, "publish", **settings)
    assert busy.returncode == 1
    assert f"Another Medvind (process {process.pid}) is working on" in busy.stderr
    process.send_signal(ending)
    _, wrong = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in wrong


# The demo -------------------------------------------------------------------------------------------------------


def test_the_demo_keeps_what_was_said_until_a_fresh_start(tmp_path: Path) -> None:
    visitor = Visitor()
    with running_demo(tmp_path) as demo:
        visitor.answer(demo.chat, visitor.open_chat(demo.chat))
        kept = everything_in(tmp_path)
        refused = medvind(tmp_path, "run", "--demo", "--fresh", "--port", "0")
        assert refused.returncode == 1
        assert f"Another Medvind (process {demo.pid}) is working on" in refused.stderr
        assert everything_in(tmp_path).keys() >= kept.keys(), "nothing was taken away"
    with running_demo(tmp_path) as demo:
        assert "There are limits." in visitor.get(urljoin(demo.chat, "/chat"))
    with running_demo(tmp_path, fresh=True) as demo:
        page = Visitor().open_chat(demo.chat)
        assert "You choose if you use me." in page
        assert "There are limits." not in page
