"""Recordings: which file is which text, which text a message has, and what the command says is missing."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bot.messages import Button, Outbound, Tap
from bot.recordings import Recordings, of_message, of_option
from tests.bot.own_script import ROOT, medvind, write_script

PROGRAMME = (ROOT / "tests/bot/around_programme.yaml").read_text(encoding="utf-8")
OF_TALK = PROGRAMME.replace("first: onboarding", "first: talk").replace("check-in: weekly", "check-in: talk")
OWN = {"ui/yes": "Yes", "ui/no": "No", "ui/ok": "OK"}
ASKED = Outbound(
    "asked",
    "en",
    "How was your week?",
    2,
    "talk/week",
    buttons=tuple(Button(label, Tap(2, "talk/week", "choose", (str(n),))) for n, label in enumerate("abc", 1)),
    scale=True,
)


def recorded(folder: Path, *names: str) -> Path:
    """A folder with these recordings. Each holds its own name, so that it is known from the others."""
    for name in names:
        path = folder / "audio" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder / "audio"


def test_a_file_is_the_text_that_its_path_names(tmp_path: Path) -> None:
    folder = recorded(tmp_path, "en/talk/week.mp3", "en/talk/hard/noise.m4a", "nb/talk/week.ogg", "en/ui/yes.ogg")
    assert Recordings.read(folder).files == {
        ("en", "talk/week"): folder / "en/talk/week.mp3",
        ("en", "talk/hard/noise"): folder / "en/talk/hard/noise.m4a",
        ("nb", "talk/week"): folder / "nb/talk/week.ogg",
        ("en", "ui/yes"): folder / "en/ui/yes.ogg",
    }


def test_what_is_no_recording_is_passed_over(tmp_path: Path) -> None:
    folder = recorded(tmp_path, "week.mp3", "en/talk/week.wav", "en/talk/week.mp3.part", "en/notes.txt")
    (folder / "en" / "talk" / "hard.mp3").mkdir()
    assert Recordings.read(folder).files == {}


def test_of_several_files_for_one_text_the_first_kind_is_played(tmp_path: Path) -> None:
    folder = recorded(tmp_path, "en/talk/week.ogg", "en/talk/week.m4a")
    assert Recordings.read(folder).files[("en", "talk/week")] == folder / "en/talk/week.m4a"
    recorded(tmp_path, "en/talk/week.mp3")
    assert Recordings.read(folder).files[("en", "talk/week")] == folder / "en/talk/week.mp3"


def test_a_message_has_the_text_of_its_step() -> None:
    assert list(of_message(ASKED)) == ["talk/week"]
    assert list(of_message(msgspec.structs.replace(ASKED, step="talk/week:own_words"))) == ["talk/week"]
    assert list(of_message(Outbound("note", "en", "Saved.", 2))) == []


@pytest.mark.parametrize(
    ("pick", "action", "has_it"), [("one", "back", 1), ("many", "back", 0), ("many", "share_none", 1)]
)
def test_choosing_lines_is_asked_in_other_words(pick: str, action: str, has_it: int) -> None:
    controls = (Button("Back", Tap(2, "talk/sharing", action)),)  # type: ignore[arg-type]
    offered = Outbound("offered", "en", "Tick.", 2, "talk/sharing", pick=pick, controls=controls)  # type: ignore[arg-type]
    assert list(of_message(offered)) == ["talk/sharing"][:has_it]


def test_the_ends_of_a_scale_have_names_of_their_own() -> None:
    names = [list(of_option(ASKED, button, OWN)) for button in ASKED.buttons]
    assert names == [["talk/week/1", "talk/week/low"], ["talk/week/2"], ["talk/week/3", "talk/week/high"]]


def test_yes_and_no_are_medvinds_own_words_where_a_script_has_no_others() -> None:
    asked = msgspec.structs.replace(ASKED, scale=False)
    button = Button("Yes", Tap(2, "talk/week", "choose", ("yes",)))
    assert list(of_option(asked, button, OWN)) == ["talk/week/yes", "ui/yes"]
    button = msgspec.structs.replace(button, label="Yes, a little")
    assert list(of_option(asked, button, OWN)) == ["talk/week/yes"]


def test_what_is_no_option_is_not_read_out() -> None:
    assert list(of_option(ASKED, Button("Share", Tap(2, "talk/sharing", "share_all")), OWN)) == []


# medvind audio status -------------------------------------------------------------------------------------------------


def test_the_status_counts_the_texts_of_each_language_and_names_those_that_lack(tmp_path: Path) -> None:
    write_script(tmp_path)
    folder = recorded(tmp_path, "en/talk/week.mp3", "en/talk/week/1.mp3", "en/ui/yes.mp3", "en/talk/wek.mp3")
    (tmp_path / "programme.yaml").write_text(OF_TALK)
    here = {
        "MEDVIND_SCRIPTS": str(tmp_path / "scripts"),
        "MEDVIND_PROGRAMME": str(tmp_path / "programme.yaml"),
        "MEDVIND_AUDIO": str(folder),
    }
    counted = medvind(tmp_path, "audio", "status", **here)
    assert (counted.returncode, counted.stderr) == (0, "")
    assert counted.stdout.split("\n") == [
        "en: 3 of 15 texts have a recording",
        f"{folder}/en/talk/wek.mp3: no text that is asked in this language has this name",
        "Whether a recording says what its text says now is not judged: listen to it when a text has changed.",
        "",
    ]
    named = medvind(tmp_path, "audio", "status", "--missing", **here).stdout.split("\n")
    assert [line for line in named if not line.startswith("  ")] == counted.stdout.split("\n")
    lacking = [line.split()[0] for line in named if line.startswith("  ")]
    assert lacking == [
        *("talk/hello", "talk/week/2", "talk/week/3", "talk/hard", "talk/hard/noise", "talk/hard/boss"),
        *("talk/hard/home", "talk/secret", "talk/sharing", "talk/goodbye", "ui/no", "ui/ok"),
    ]
    assert "  talk/hard  What was hard?" in named


def test_without_a_folder_the_status_says_so(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "audio", "status")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert (
        ended.stderr == "There are no recordings: MEDVIND_AUDIO names no folder. docs/audio.md says how to make one.\n"
    )


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "audio", "status", MEDVIND_AUDIO="nowhere")
    assert (ended.returncode, ended.stderr) == (1, 'MEDVIND_AUDIO "nowhere": There is no such folder.\n')
