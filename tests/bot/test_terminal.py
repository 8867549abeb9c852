"""A conversation in the terminal: typed as people type, ended as people end it, and readable from both sides."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from bot.channels.terminal import NotPlayable, play
from bot.channels.terminal_screen import Screen, tapped
from bot.config import Settings
from bot.messages import Button, Outbound, ShareLine, Tap
from bot.publishing import NotPublished
from tests.bot.own_script import FOUND, ROOT, SLIP, TALK, medvind, write_script
from tests.running_demo import nowhere

SEES_NOTHING = "--- The specialist sees nothing of this. ---"
MARKS = re.compile("[\u2066-\u2069]")


@dataclass
class Conversation:
    """Somebody types these lines, and then either nothing more, or Ctrl-C."""

    typed: Iterable[str]
    end: type[BaseException] = EOFError
    shown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = iter(self.typed)

    def read(self, prompt: str) -> str:
        line = next(self._lines, None)
        if line is None:
            raise self.end
        self.shown.append(f"{prompt}{line}\n")
        return line

    def hold(self, script: str, language: str = "", scripts: Path | None = None) -> str:
        settings = Settings(scripts=scripts) if scripts else Settings()
        play(settings, script, language, self.read, lambda text: self.shown.append(f"{text}\n"))
        return "".join(self.shown)


def held(*typed: str, script: str = "weekly_checkin", language: str = "", scripts: Path | None = None) -> str:
    return Conversation(typed).hold(script, language, scripts)


def after(text: str, words: str) -> str:
    """What stands behind the last ``words``."""
    assert words in text, f"{words!r} is not in:\n{text}"
    return text.rpartition(words)[2]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a conversation left behind would lie here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_the_onboarding_with_numbers_and_words(tmp_path: Path) -> None:
    typed = ["1", "ok", "OK", "only me", "yes", "yes, a work", "1, good things", "tick"]
    said = held(*typed, script="onboarding")
    assert "Hello Sam. I am a check-in tool." in said
    assert "Your job specialist is Kim." in said
    assert "Do you have a job or a work trial now?" not in after(said, "> yes, a work")
    assert "(4/5) What may I ask about?" in after(said, "> yes, a work")
    assert "I do not ask about the rest." in after(said, "> 1, good things")
    assert "I tick your answers, but not the private ones." in after(said, "> tick")
    assert after(said, "> tick").strip().endswith(SEES_NOTHING)
    assert "Stopped before the end" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("way", ["2", "choose", "Choose"])
def test_what_is_chosen_is_what_the_specialist_sees(way: str) -> None:
    said = held("4", "4", "Ring the café", "nothing special", "interview, letters from offices", "1", way, "1, 3")
    offer = after(said.partition(f"> {way}\n")[0], "This is what Kim will see.")
    assert "Week: Good" in offer
    assert "Help wanted: Interview, Letters from offices" in offer
    assert after(said, "--- What the specialist sees ---").split("\n") == [
        "",
        "    Week: Good",
        "    Next step: “Ring the café”",
        "",
    ]


def test_all_is_all_but_what_is_private(tmp_path: Path) -> None:
    said = held("good", "1 2", "My secret", "1", script="talk", scripts=write_script(tmp_path))
    assert "    Secret: “My secret”  (Private. It stays with you unless you choose it.)\n" in said
    assert "  1  Share all but what is private\n" in said
    card = after(said, "--- What the specialist sees ---")
    assert card.split() == ["Week:", "Good", "Hard:", "Noise,", "The", "boss"]


def test_a_private_line_can_be_chosen_and_is_marked_until_then(tmp_path: Path) -> None:
    said = held("skip", "skip", "My secret", "1", "1", script="talk", scripts=write_script(tmp_path))
    assert "  1  Choose\n  2  Keep it for me\n" in said
    assert "  1  Secret: “My secret”  (Private." in said
    assert after(said, "sees ---\n") == "    Secret: “My secret”\n"


def test_keeping_it_leaves_nothing(tmp_path: Path) -> None:
    said = held("3", "2", "s", "keep it for me", script="talk", scripts=write_script(tmp_path))
    assert "Kept. Only you can see it." in said
    assert said.endswith(f"{SEES_NOTHING}\n")


def test_skip_back_and_another_answer(tmp_path: Path) -> None:
    typed = ["1", "Skip", "back", "back", "3", "Back", "noise", "Back", "Leave it as it is"]
    said = held(*typed, script="talk", scripts=write_script(tmp_path))
    week, hard, secret = "How was your week?", "What was hard?", "What do you keep to yourself?"
    asked = re.findall(f"{re.escape(week)}|{re.escape(hard)}|{re.escape(secret)}", said)
    assert asked == [week, hard, secret, hard, week, secret, hard, secret, hard, secret]
    assert said.count("Your answer is changed.") == 2


def test_what_is_not_understood_is_said_and_asked_again(tmp_path: Path) -> None:
    scripts = write_script(tmp_path)
    said = held("9", "perhaps", "", script="talk", scripts=scripts)
    assert said.count("I look for a number from 1 to 3.") == 2
    assert "I see no answer. You can write one, choose one or skip." in said
    assert said.count("How was your week?") == 4


def test_words_that_fit_nothing_at_the_share_step_are_answered(tmp_path: Path) -> None:
    said = held("3", "noise", "s", "perhaps", "2", "none of it", "9", script="talk", scripts=write_script(tmp_path))
    assert said.count("I do not know this answer. You can choose one of these.") == 3
    assert said.count("Choose what Kim will see.") == 3
    assert said.endswith(f"{SEES_NOTHING}\n")


def test_a_language_can_be_asked_for_and_chosen_by_number() -> None:
    said = held("language", "5", "4", "language", "english", "language", "english")
    assert "  5  العربية" in said
    assert "كيف كان الأسبوع" in after(said, "> 5\n").partition("> ")[0]
    assert "The language is English now." in said
    assert after(said, "Which language do you want?\n").count("> english") == 1
    assert said.endswith(f"{SEES_NOTHING}\n")


def test_the_numbers_of_help_are_shown_and_the_question_again() -> None:
    said = held("help")
    assert "116 123" in said
    assert said.count("How was your week, all in all?") == 2


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_an_end_in_the_middle_shares_nothing(end: type[BaseException], tmp_path: Path) -> None:
    said = Conversation(["4", "3"], end).hold("weekly_checkin")
    assert said.endswith(f"\n--- Stopped before the end. ---\n{SEES_NOTHING}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_language_that_is_not_there_and_a_script_with_a_slip_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotPlayable, match=r'cannot be played in "xx". It is complete in: ar, .*nb, .*uk, ur\.$'):
        held(language="xx")
    with pytest.raises(NotPlayable, match=r'"talk" cannot be played in "ar". It is complete in: en\.$'):
        held(script="talk", language="ar", scripts=write_script(tmp_path))
    with pytest.raises(NotPublished, match="MV009"):
        held(script="talk", scripts=write_script(tmp_path, SLIP))


def test_a_script_is_played_in_its_own_language(tmp_path: Path) -> None:
    scripts = write_script(tmp_path, TALK.replace("language: en", "language: nb"))
    assert "Hopp over" in held(script="talk", scripts=scripts)


def test_a_script_is_played_beside_one_with_a_slip(tmp_path: Path) -> None:
    write_script(tmp_path, SLIP)
    scripts = write_script(tmp_path, TALK.replace("dialogue: talk", "dialogue: chat"), "chat")
    assert "How was your week?" in held(script="chat", scripts=scripts)


# Directions -----------------------------------------------------------------------------------------------------


def test_arabic_stands_in_one_piece_a_line_with_numbers_where_they_are_looked_for() -> None:
    said = held("٤", "صعب", "2", language="ar")
    body = [line for line in said.split("\n")[1:] if re.search("[\u0600-\u06ff]", line) and not line.startswith("> ")]
    assert len(body) > 15
    for line in body:
        found = re.fullmatch("(?:> )?(?:\\(\\d/\\d\\) |  \\d  |    |  \\[)?\u2067(.*)\u2069\\]?", line)
        assert found, line
        assert found[1].count("\u2068") == found[1].count("\u2069"), line
    assert "  4  \u2067جيد\u2069" in said


def test_english_has_no_invisible_signs() -> None:
    assert not MARKS.search(held("4", "perhaps", "skip", "Ring", "1", "3", "1", "2", "1"))


def test_arabic_words_in_english_are_kept_apart() -> None:
    screen = Screen({"ui/share_page.private": "Private."}, "ltr")
    line = ShareLine("a", "Hard", "Noise", own_words="رسالة من المدرسة")
    assert screen.line(line) == "Hard: Noise “\u2068رسالة من المدرسة\u2069”"
    assert screen.line(ShareLine("a", "Hard", "", own_words="letters")) == "Hard: “letters”"
    assert screen.directed("\u2068Ali\u2069 and \u2068علي\u2069") == "Ali and \u2068علي\u2069"


def test_only_ways_on_are_taken_from_words_and_only_where_no_answer_could_be_meant() -> None:
    skip = Button("Skip", Tap(1, "a/b", "skip"))
    one = Button("One", Tap(1, "a/b", "choose", ("one",)))
    asked = Outbound("asked", "en", "?", buttons=(one,), pick="one", controls=(skip,))
    assert tapped(asked, " SKIP ") == skip.tap
    assert tapped(asked, "1") is None
    assert tapped(asked, "one") is None
    offered = Outbound("offered", "en", "?", buttons=(one,), pick="one", controls=(skip,))
    assert tapped(offered, "١") == one.tap
    assert tapped(offered, "2") is None


# As a program ---------------------------------------------------------------------------------------------------


def test_the_command_plays_to_the_end_in_arabic(tmp_path: Path) -> None:
    answers = "4\n4\nأتصل بالمقهى\n4\n١٩\n1\n1\n"
    ended = medvind(tmp_path, "play", "weekly_checkin", "--language", "ar", typed=answers)
    assert ended.returncode == 0
    assert ended.stderr == ""
    card = after(ended.stdout, "--- What the specialist sees ---\n")
    assert "أتصل بالمقهى" in card
    assert "“\u2068أتصل بالمقهى\u2069”" in card


def test_what_a_terminal_cannot_read_or_show_is_a_question_mark(tmp_path: Path) -> None:
    scripts = str(write_script(tmp_path))
    ended = medvind(tmp_path, "play", "talk", "--scripts", scripts, typed=b"\xff\xfe\n3\n")
    assert ended.returncode == 0
    assert "I look for a number" in ended.stdout
    ended = medvind(tmp_path, "play", "weekly_checkin", "-l", "ar", PYTHONIOENCODING="ascii")
    assert ended.returncode == 0
    assert "???" in ended.stdout


def test_names_that_are_not_there_get_a_sentence(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "play", "wekly")
    assert (ended.returncode, ended.stdout) == (1, "")
    shipped = ", ".join(path.stem for path in sorted((ROOT / "dialogues/scripts").glob("*.yaml")))
    assert ended.stderr == f'There is no script called "wekly". There are: {shipped}.\n'
    ended = medvind(tmp_path, "play", "weekly_checkin", "--language", "xx")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert re.fullmatch(r'"weekly_checkin" cannot be played in "xx". It is complete in: ar, .*uk, ur\.\n', ended.stderr)
    ended = medvind(tmp_path, "play", "talk", "--scripts", str(write_script(tmp_path, SLIP)))
    assert (ended.returncode, ended.stderr) == (1, FOUND)


def test_ctrl_c_while_it_waits_ends_at_once(tmp_path: Path) -> None:
    shown = in_a_terminal(tmp_path, "play", "weekly_checkin", keys=["4\n", "\x03"])
    assert "How sure are you" in shown
    assert "--- Stopped before the end. ---" in shown
    assert SEES_NOTHING in shown
    assert "Traceback" not in shown


def test_ctrl_d_while_it_waits_ends_too(tmp_path: Path) -> None:
    assert SEES_NOTHING in in_a_terminal(tmp_path, "play", "weekly_checkin", keys=["skip\n", "\x04"])


def in_a_terminal(folder: Path, *arguments: str, keys: list[str]) -> str:
    """What stands on the screen of a terminal where each of ``keys`` was pressed at a prompt. The end is a good one."""
    here, there = pty.openpty()
    command = [sys.executable, "-m", "bot", *arguments]
    environment = nowhere() | {"PYTHONPATH": str(ROOT), "TERM": "dumb"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
        preexec_fn=lambda: _at_a_terminal(there),
    )
    os.close(there)
    shown = ""
    for key in keys:
        for piece in _screen(here, process):
            shown += piece
            if shown.endswith("> "):
                break
        os.write(here, key.encode())
        shown += "|"
    shown += "".join(_screen(here, process, keys[-1]))
    os.close(here)
    assert process.wait() == 0
    return shown


def _at_a_terminal(there: int) -> None:
    """It is the program's own, and Ctrl-C reaches it: whoever runs the tests in the background ignores that."""
    os.close(os.open(os.ttyname(there), os.O_RDWR))
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _screen(terminal: int, process: subprocess.Popen[bytes], key: str = "") -> Iterator[str]:
    """What comes, until the program ends. One that has nothing more to say for a minute is killed.

    ``key`` is pressed again in a silence: Python misses a Ctrl-C in the moment between its prompt and its reading.
    """
    silence = 0
    while True:
        if not select.select([terminal], [], [], 5)[0]:
            silence += 1
            os.write(terminal, key.encode())
            if silence > 12:
                process.send_signal(signal.SIGKILL)
            continue
        try:
            yield os.read(terminal, 65536).decode()
        except OSError:
            return


def test_enter_presses_the_only_button() -> None:
    ok, other = (Button(name, Tap(1, "talk/hello", "choose", (name,))) for name in ("ok", "other"))
    alone = Outbound("asked", "en", "Hello", buttons=(ok,), pick="one")
    assert tapped(alone, " ") == ok.tap
    assert tapped(msgspec.structs.replace(alone, buttons=(ok, other)), "") is None
