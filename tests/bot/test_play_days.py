"""A script tried out over days: what comes on which day, as golden texts that a coordinator can read.

``MEDVIND_REFRESH=1 pytest tests/bot/test_play_days.py`` writes the golden files anew: read the difference.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.terminal_days import play_days
from bot.channels.terminal_players import Answer, AtTheKeyboard, MadeUp, Player
from bot.channels.terminal_stage import NotPlayable
from bot.config import Settings
from tests.bot.own_script import medvind, write_script

GOLDEN = Path(__file__).parent / "golden"
SATURDAY = datetime(2026, 3, 7, 15, 0, tzinfo=UTC)
SEES_NOTHING = "--- The specialist sees nothing of this. ---"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the days left behind would lie here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def days_of(
    player: Callable[[Callable[[str], None]], Player],
    days: int = 28,
    *,
    language: str = "",
    script: str = "weekly_checkin",
    scripts: Path | None = None,
    now: datetime = SATURDAY,
) -> str:
    """What stands on the screen in the end."""
    shown: list[str] = []
    settings = Settings(scripts=scripts) if scripts else Settings()

    def write(text: str) -> None:
        shown.append(f"{text}\n")

    play_days(settings, script, language, days, player(write), write, lambda: now)
    return "".join(shown)


def made_up(answer: Answer) -> Callable[[Callable[[str], None]], Player]:
    return lambda write: MadeUp(answer, write)


def typing(*lines: str, end: type[BaseException] = EOFError) -> Callable[[Callable[[str], None]], Player]:
    """Somebody types these lines, and then either nothing more, or Ctrl-C."""
    left = iter(lines)

    def at_the_keyboard(write: Callable[[str], None]) -> Player:
        def read(prompt: str) -> str:
            line = next(left, None)
            if line is None:
                raise end
            write(f"{prompt}{line}")
            return line

        return AtTheKeyboard(read, write)

    return at_the_keyboard


def heads(said: str) -> list[str]:
    """The days on which something comes, and what happens without a word."""
    return re.findall(r"^(?:--- \w+ \d.*|\[\w+ \d.*)$", said, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "answer", "language"),
    [
        ("days_left_alone_en", "none", "en"),
        ("days_left_alone_ar", "none", "ar"),
        ("days_answered_en", "all", "en"),
        ("days_some_answered_nb", "some", "nb"),
    ],
)
def test_four_weeks_are_as_they_were(name: str, answer: Answer, language: str, tmp_path: Path) -> None:
    said = days_of(made_up(answer), language=language)
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("MEDVIND_REFRESH"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [], "nothing is kept"


def test_left_alone_it_ends_in_silence_and_one_last_note() -> None:
    """The note does not come on the first of May."""
    said = days_of(made_up("none"), 366)
    assert heads(said)[-3:] == [
        "[Friday 3 April, 12:30: it closes. Nobody is told.]",
        "[Friday 3 April, 12:30: Medvind falls silent. Nobody is told. One last note comes in four weeks.]",
        "--- Saturday 2 May, 09:00 ---",
    ]
    assert said.endswith(
        f"{SEES_NOTHING}\n\n366 days: 4 check-ins, 4 reminders, 5 closed by themselves, 1 offer of something less, "
        "then silence, 1 last note.\n"
    )


def test_who_answers_is_asked_again_in_a_week_and_not_reminded() -> None:
    said = days_of(typing("4", "skip", "skip", "skip", "skip", "skip", "1"), 9)
    assert heads(said) == ["--- Tuesday 10 March, 12:30 ---", "--- Tuesday 17 March, 12:30 ---"]
    assert (
        "--- What the specialist sees ---\n  Tuesday 10 March, 12:30\n    Week: Good\n\n9 days: 2 check-ins.\n" in said
    )


def test_enter_leaves_it_alone_and_time_passes() -> None:
    said = days_of(typing("", "4"), 5)
    assert heads(said) == [
        "--- Tuesday 10 March, 12:30 ---",
        "--- Wednesday 11 March, 12:30 ---",
        "[Friday 13 March, 12:30: it closes. Nobody is told.]",
    ]
    assert "> 4\n(2/6) How sure are you" in said
    assert said.endswith("5 days: 1 check-in, 1 reminder, 1 closed by itself.\n")


def test_the_end_of_the_input_ends_the_answers_and_not_the_days() -> None:
    assert len(heads(days_of(typing("4"), 28))) > 3
    assert days_of(typing()) != days_of(made_up("none"))
    assert heads(days_of(typing())) == heads(days_of(made_up("none")))


def test_ctrl_c_ends_the_days() -> None:
    said = days_of(typing("", "", end=KeyboardInterrupt))
    assert heads(said)[-1] == "--- Tuesday 17 March, 12:30 ---"
    assert f"\n--- Stopped before the end. ---\n{SEES_NOTHING}\n" in said


def test_a_word_to_the_bot_counts_as_it_does_for_everybody() -> None:
    said = days_of(typing("stop"), 100)
    assert heads(said) == ["--- Tuesday 10 March, 12:30 ---"]


def test_after_a_break_it_says_welcome_back() -> None:
    said = days_of(typing("pause", "2"), 18)
    assert heads(said)[:2] == ["--- Tuesday 10 March, 12:30 ---", "--- Tuesday 24 March, 12:30 ---"]
    assert "Your break is until Tuesday 24 March." in said
    assert "Welcome back." in said.partition(heads(said)[1])[2]


def test_what_is_offered_after_two_changes_when_the_next_comes() -> None:
    left_alone = ("", "", "", "")
    said = days_of(typing(*left_alone, "1", "2"), 60)
    assert "[Friday 20 March, 12:30: it closes. Nobody is told.]" in heads(said)
    after_offer = heads(said)[heads(said).index("--- Friday 20 March, 12:30 ---") + 1 :]
    assert after_offer[0] == "--- Tuesday 14 April, 12:30 ---"


def test_a_script_of_ones_own_needs_no_programme_around_it(tmp_path: Path) -> None:
    said = days_of(made_up("all"), 9, script="talk", scripts=write_script(tmp_path))
    assert heads(said) == ["--- Tuesday 10 March, 12:30 ---", "--- Tuesday 17 March, 12:30 ---"]
    assert "  Tuesday 10 March, 12:30\n    Week: In between\n    Hard: Noise\n" in said
    assert said.endswith("9 days: 2 check-ins.\n")
    said = days_of(made_up("none"), 28, script="talk", scripts=tmp_path / "scripts")
    assert "Do you want to change something?" not in said, "its folder has no such dialogue"
    with pytest.raises(NotPlayable):
        days_of(made_up("none"), script="talk", language="ar", scripts=tmp_path / "scripts")


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 3, 9, 7, 59, tzinfo=UTC), "9 March"),
        (datetime(2026, 3, 9, 8, 0, tzinfo=UTC), "16 March"),
        (datetime(2026, 3, 8, 23, 30, tzinfo=UTC), "9 March"),
    ],
)
def test_the_days_begin_on_the_next_monday_at_nine(now: datetime, monday: str) -> None:
    assert f"It is Monday {monday}, 09:00." in days_of(made_up("none"), 1, now=now)


# As a program ---------------------------------------------------------------------------------------------------------


def test_the_command_lets_the_days_pass_when_nobody_types(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "play", "weekly_checkin", "--days", "28", "--language", "uk")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("closes. Nobody is told.]") == 5
    assert ended.stdout.endswith("1 offer of something less, then silence.\n")


def test_what_does_not_go_together_gets_a_sentence(tmp_path: Path) -> None:
    ended = medvind(tmp_path, "play", "weekly_checkin", "--answer", "all")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("--answer goes with --days: medvind play weekly_checkin --days 28")
    for wrong in (["--days", "0"], ["--days", "367"], ["--days", "7", "--answer", "maybe"]):
        assert medvind(tmp_path, "play", "weekly_checkin", *wrong).returncode == 2
