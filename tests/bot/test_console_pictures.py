"""What a specialist sees of somebody's month and web: what was shared, and nothing of what was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.console.pictured import pictures
from tests.bot.digest_samples import plain, shared, words
from tests.bot.picture_samples import MONDAY, PUBLISHED, WEEK, in_norwegian, line

NOW = MONDAY + timedelta(days=1)


def text(*cards: object, language: str = "en") -> list[str]:
    """The pictures of these cards, as HTML without the signs that isolate."""
    return [plain(one) for one in pictures(cards, words(language), NOW)]  # type: ignore[arg-type]


def test_without_anything_shared_for_them_there_are_none() -> None:
    assert text() == []
    assert text(shared(1, line("remark", words="Hello"), at=MONDAY, published=PUBLISHED)) == []


def test_only_what_was_shared_is_in_them() -> None:
    card = shared(1, line("week", point=2), line("sure", point=4).taken_back(), at=MONDAY, published=PUBLISHED)
    (month,) = text(card)
    assert "Week of 5 May: Week: Hard<" in month
    assert "Sure" not in month
    assert "Last four weeks, as shared" in month


def test_a_withdrawn_line_takes_its_picture_with_it() -> None:
    card = shared(1, line("week", point=2), at=MONDAY, published=PUBLISHED)
    assert len(text(card)) == 1
    assert text(replace(card, lines=(card.lines[0].taken_back(),))) == []


def test_what_was_shared_long_ago_is_in_no_month() -> None:
    assert text(shared(1, line("week", point=2), at=MONDAY - 6 * WEEK, published=PUBLISHED)) == []


def test_a_web_shows_the_persons_own_lines() -> None:
    lines = (line("what", "noise"), line("also", "sleep"), line("helps", words="A break"))
    (web,) = text(shared(1, *lines, at=MONDAY, published=PUBLISHED))
    assert "1. Noise · Has helped: “A break” · Makes this harder: Sleep (2)" in web
    assert "The participant drew every line." in web
    assert web.count("<rect") == 2


def test_a_picture_is_in_one_language() -> None:
    old = shared(1, line("week", point=2), at=MONDAY - WEEK, published=PUBLISHED, conversation=1)
    new = shared(1, line("week", point=4), at=MONDAY, published=in_norwegian(), conversation=2)
    assert 'lang="nb"' in text(new, language="nb")[0]
    (mixed,) = text(old, new, language="nb")
    assert 'lang="en"' in mixed
    assert "nb " not in mixed
