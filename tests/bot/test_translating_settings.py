"""The program that translates is off by default, no setting sends words in the clear by accident, the doctor says when
it is away, and background work asks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.app import translator
from bot.background import EVERY_MINUTE, Background
from bot.config import Settings, wrong_settings
from bot.doctor.translating import translator as examined
from bot.translating.libre import LibreTranslate
from tests.bot.real_chat import real_chat
from tests.bot.translate_stand_in import stand_in

LANGUAGES = ("ar", "nb", "ti")


def refused(**given: object) -> list[str]:
    with pytest.raises(ValidationError) as wrong:
        Settings(**given)  # type: ignore[arg-type]
    return list(wrong_settings(wrong.value))


def test_without_an_address_there_is_no_program() -> None:
    assert translator(Settings()) is None
    assert isinstance(translator(Settings(translate_url="https://translate.example")), LibreTranslate)


def test_words_do_not_travel_in_the_clear_by_accident() -> None:
    (sentence,) = refused(translate_url="http://translate.example:5000")
    assert sentence.startswith("MEDVIND_TRANSLATE_URL would send people's words without encryption.")
    assert "MEDVIND_TRANSLATE_IN_CLEAR=yes allows it." in sentence
    Settings(translate_url="http://translate.example:5000", translate_in_clear=True)
    Settings(translate_url="http://127.0.0.1:5000")


@pytest.mark.parametrize("url", ["translate.example", "https://translate.example/", "https://me:secret@x.example"])
def test_an_address_that_is_none_is_refused_with_what_to_write(url: str) -> None:
    (sentence,) = refused(translate_url=url)
    assert sentence.endswith("Write it like https://translate.example, with no slash at the end.")


def test_the_setting_that_allows_it_is_yes_or_no() -> None:
    assert refused(translate_in_clear="perhaps") == ['MEDVIND_TRANSLATE_IN_CLEAR "perhaps": Write yes or no.']


def test_the_key_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a-key\n", encoding="ascii")
    assert Settings(translate_key_file=tmp_path / "key").translation_key() == "a-key"
    assert Settings(translate_key_file=tmp_path / "key", translate_key="other").translation_key() == "other"
    assert refused(translate_key_file=tmp_path / "none") == ["MEDVIND_TRANSLATE_KEY_FILE: this file cannot be read."]


async def test_the_doctor_says_when_it_is_away_and_what_it_does_not_know() -> None:
    assert [one async for one in examined(Settings(), LANGUAGES)] == []
    async with stand_in() as server:
        settings = Settings(translate_url=server.url)
        (finding,) = [one async for one in examined(settings, LANGUAGES)]
        assert (finding.code, finding.sentence) == ("MD030", "The server that translates does not know: ti.")
        assert [one async for one in examined(settings, LANGUAGES[:2])] == []
        assert server.asked == []
    (finding,) = [one async for one in examined(settings, LANGUAGES)]
    assert finding.code == "MD029"
    assert finding.sentence.startswith("The server that translates does not help: it cannot be reached")
    assert server.url not in finding.sentence


@pytest.mark.parametrize("translates", [True, False])
async def test_background_work_translates_once_a_minute_where_there_is_a_program(
    tmp_path: Path, translates: bool
) -> None:
    async with real_chat(tmp_path, translates=translates) as site:
        tasks = {task.name: task for task in Background(site.parts, None).tasks()}
        assert ("translations" in tasks) is translates
        if translates:
            task = tasks["translations"]
            assert task.cron == EVERY_MINUTE
            assert task.find is not None
            assert await task.find() == []
            await task.do([site.participant])
