"""The digest: words and dates, two minutes long, and nothing that a person did not choose to share."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import short_date, weekday_and_date
from bot.digest import Digest, compose
from bot.digest.brevity import CARD_WORDS, OVERVIEW_LINES, OVERVIEW_WORDS, PAGE_WORDS, count_words, quote
from bot.digest.card import Block, Line, PersonCard
from bot.digest.day import Rhythm, Window, mail_window, window
from bot.digest.fitting import person_card
from bot.digest.history import History, SharedCard
from bot.wording import WORDING
from dialogues.model import Option
from tests.bot.digest_samples import (
    NOW,
    PUBLISHED,
    TODAY,
    WEEK,
    YESTERDAY,
    in_norwegian_too,
    line,
    plain,
    shared,
    weeks_of,
    words,
)

WINDOW = Window(NOW - timedelta(days=1), NOW)


def digest_of(*cards: SharedCard, language: str = "en") -> Digest:
    return compose(cards, WINDOW, TODAY, "Anna", words(language))


def line_as_text(one: Line) -> str:
    own = f"“{one.quote.short}”" if one.quote else ""
    return " ".join(filter(None, (f"{one.label}:", own, one.value and f"{one.value}.", one.earlier, one.change)))


def block_as_text(block: Block) -> list[str]:
    return [*map(line_as_text, block.lines), *([f"[{block.more_label}]"] if block.more else [])]


def card_as_text(card: PersonCard) -> str:
    lines = [f"{card.pseudonym} · {card.blocks[0].shared_on}"]
    for block in card.blocks:
        lines += block_as_text(block)
    return plain("\n".join([*lines, card.footer]))


def overview_as_text(digest: Digest) -> str:
    lines = [digest.overview.title]
    for group in digest.overview.groups:
        entries = (
            " ".join(filter(None, (one.pseudonym, one.quote and f"“{one.quote.short}”", one.topic)))
            for one in group.entries
        )
        lines.append(f"{group.heading}  {' · '.join(entries)}")
    return plain("\n".join(filter(None, [*lines, digest.overview.rest, digest.overview.order])))


# A day as a whole


def test_a_day_in_words() -> None:
    digest = digest_of(
        *weeks_of(2, "week", 4, 4, 3),
        shared(
            1, line("help", "letters"), line("good", own="I closed the till alone."), at=YESTERDAY + timedelta(hours=1)
        ),
        shared(3, line("happened", "interview"), at=YESTERDAY - timedelta(hours=2)),
        shared(4, line("contact", "yes"), at=YESTERDAY + timedelta(hours=3)),
    )
    assert overview_as_text(digest) == (
        "Tuesday 6 May · Anna\n"
        "Asked for contact (1)  P4\n"
        "Asked for help (1)  P1 Letters from offices\n"
        "News (1)  P3 Got an interview\n"
        "New shared check-ins (4)  P3 · P2 · P1 · P4\n"
        "Nothing else is waiting.\n"
        "Order: requests, agreements, news, new check-ins. Oldest first."
    )
    assert [card_as_text(card) for card in digest.cards] == [
        "P4 · shared 5 May\nAsked for contact: Yes.\nShared by P4 for job support. Not an activity report.",
        "P1 · shared 5 May\n"
        "Asked for help: Letters from offices.\n"
        "Good: “I closed the till alone.”\n"
        "Shared by P1 for job support. Not an activity report.",
        "P3 · shared 5 May\nNews: Got an interview.\nShared by P3 for job support. Not an activity report.",
        "P2 · shared 5 May\n"
        "Week: In between. Earlier: Good (28 April), Good (21 April).\n"
        "Shared by P2 for job support. Not an activity report.",
    ]


def test_a_day_without_anything_says_so_and_nothing_else() -> None:
    digest = digest_of(shared(1, line("week", point=1), at=NOW - WEEK))
    assert overview_as_text(digest) == "Tuesday 6 May · Anna\nNothing new shared."
    assert digest.cards == digest.folded == ()


def test_every_group_says_why_it_is_there() -> None:
    digest = digest_of(shared(1, line("contact", "yes"), line("help", "letters"), line("happened", "interview")))
    why = ("staff/why_contact", "staff/why_help", "staff/why_news", "staff/why_new")
    assert [group.why for group in digest.overview.groups] == [WORDING[text] for text in why]
    assert [bool(one.why) for one in digest.cards[0].blocks[0].lines] == [True, True, True]


@pytest.mark.parametrize(
    "declined",
    [line("help", "no"), line("contact", "no"), line("hard", "noise")],
    ids=["help: no", "contact: no", "hard"],
)
def test_only_a_request_or_news_lifts_a_person_up(declined: object) -> None:
    digest = digest_of(shared(1, declined))  # type: ignore[arg-type]
    assert [group.name for group in digest.overview.groups] == ["new"]


def test_help_asked_for_in_own_words_is_a_request() -> None:
    digest = digest_of(shared(1, line("help", own="رسالة من المدرسة")))
    first = digest.overview.groups[0].entries[0]
    assert digest.overview.groups[0].name == "A2"
    assert first.quote is not None
    assert first.quote.whole == "رسالة من المدرسة"


NOT_A_TRIGGER = st.fixed_dictionaries(
    {
        "week": st.integers(1, 5),
        "sure": st.none() | st.integers(1, 5),
        "amount": st.sampled_from(("little", "ok", "much")),
        "hard": st.sampled_from(("noise", "boss", "nothing")),
        "own": st.text(max_size=40).map(str.strip),
        "language": st.sampled_from(("en", "ar", "ti")),
        "name": st.sampled_from(("Åse", "Zoya", "علي")),
    }
)


@given(st.lists(NOT_A_TRIGGER, min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_nothing_but_an_act_changes_the_order(answers: list[dict[str, object]], chance: random.Random) -> None:
    acts = [(), (line("help", "letters"),), (line("contact", "yes"),)]
    cards = []
    for person, (answer, act) in enumerate(zip(answers, acts, strict=True), 1):
        lines = [line("week", point=answer["week"]), line("hard", answer["hard"], own=answer["own"])]  # type: ignore[arg-type]
        lines += [line("amount", answer["amount"]), *act]  # type: ignore[arg-type]
        if answer["sure"]:
            lines.append(line("sure", point=answer["sure"]))  # type: ignore[arg-type]
        at = YESTERDAY + person * timedelta(minutes=1)
        card = shared(person, *lines, at=at)
        cards.append(replace(card, language=str(answer["language"]), name=str(answer["name"])))
    chance.shuffle(cards)
    digest = digest_of(*cards)
    named = [[entry.pseudonym for entry in group.entries] for group in digest.overview.groups]
    assert named == [["P3"], ["P2"], ["P1", "P2", "P3"]]
    assert [card.pseudonym for card in digest.cards] == ["P3", "P2", "P1"]


# Two minutes

LONG = " ".join(f"word{n}" for n in range(120))


@given(
    st.lists(
        st.tuples(
            st.integers(1, 30),
            st.lists(st.sampled_from(("week", "sure", "help", "good", "hard")), min_size=1, max_size=5),
        ),
        max_size=40,
    ),
    st.booleans(),
)
def test_a_day_is_never_longer_than_two_minutes(days: list[tuple[int, list[str]]], talkative: bool) -> None:
    cards = []
    for minute, (person, steps) in enumerate(days):
        lines = [
            line(step, point=3) if step in ("week", "sure") else line(step, own=LONG if talkative else "Well")
            for step in dict.fromkeys(steps)
        ]
        cards.append(shared(person, *lines, at=YESTERDAY + timedelta(minutes=minute), conversation=minute + 1))
    history = [card for person in range(1, 31) for card in weeks_of(person, "week", 1, 2, 3, 4, 5, last=NOW - WEEK)]
    digest = digest_of(*history, *cards)
    assert digest.words <= PAGE_WORDS
    assert digest.overview.words <= OVERVIEW_WORDS
    assert digest.overview.lines <= OVERVIEW_LINES
    folded = (*digest.folded, *digest.more)
    assert all(card.words <= CARD_WORDS for card in (*digest.cards, *(one.card for one in folded)))
    people = {card.participant_id for card in cards}
    assert {card.participant_id for card in (*digest.cards, *(one.card for one in folded))} == people
    assert bool(folded) == (len(people) > 4)


def test_no_line_is_lost_when_a_card_is_full() -> None:
    lines = [line("week", point=3), line("sure", point=3)]
    lines += [line("hard", own=LONG), line("help", "letters", own=LONG), line("good", own=LONG)]
    cards = [shared(1, *lines, at=YESTERDAY + timedelta(minutes=n), conversation=n + 1) for n in range(4)]
    card = digest_of(*cards).cards[0]
    blocks = (*card.blocks, *card.older)
    assert len(blocks) == 4
    assert all(len(block.lines) + len(block.more) == 5 for block in blocks)
    quotes = [one.quote for block in blocks for one in (*block.lines, *block.more) if one.quote]
    assert len(quotes) == 12
    assert all(one.whole == LONG for one in quotes)


def test_what_was_hard_never_stands_without_the_good_thing() -> None:
    hard = [line("hard", "noise", own=" ".join(["x"] * 18)) for _ in range(6)]
    card = person_card([shared(1, *hard, line("good", own="I learned to bake bread"))], History([]), words())
    visible = [one.label for one in card.blocks[0].lines]
    assert card.blocks[0].more, "the card is too full for everything"
    assert "Hard at work" in visible
    assert "Good" in visible


def test_five_people_fold_to_one_line_each() -> None:
    digest = digest_of(*(shared(person, line("week", point=3)) for person in range(1, 6)))
    assert not digest.cards
    assert [one.card.pseudonym for one in digest.folded] == ["P1", "P2", "P3", "P4", "P5"]
    assert len(digest_of(*(shared(person, line("week", point=3)) for person in range(1, 5))).cards) == 4


def test_marks_that_stand_alone_are_no_words() -> None:
    assert count_words("Tuesday 6 May · Anna – (2)") == 5


@given(st.text())
def test_own_words_are_whole_behind_more(text: str) -> None:
    made = quote(text)
    assert made.whole == text.strip()
    assert made.shortened == (made.short != made.whole)
    if made.shortened:
        assert " ".join(made.whole.split()).startswith(made.short[:-1])
    assert count_words(made.short) <= 18
    assert len(" ".join(made.short.split())) <= 111


def test_a_script_without_spaces_is_shortened_between_characters() -> None:
    made = quote("ที่ทำงานเสียงดังมาก" * 12)
    assert made.shortened
    assert made.whole[len(made.short) - 1] not in "ัิีึืุู็่้๊๋์ํ"


# A card


def test_own_words_come_first_and_in_the_original() -> None:
    card = person_card([shared(1, line("good", "rested", own="  تعلمت كلمة \u202eجديدة "))], History([]), words())
    one = card.blocks[0].lines[0]
    assert one.quote is not None
    assert one.quote.whole == "تعلمت كلمة \u202eجديدة"
    assert one.value == "Rest"


def test_at_most_four_earlier_answers_newest_first() -> None:
    cards = weeks_of(1, "week", 1, 2, 3, 4, 5, 4)
    card = person_card([cards[-1]], History(cards), words())
    assert plain(card.blocks[0].lines[0].earlier) == (
        "Earlier: Very good (28 April), Good (21 April), In between (14 April), Hard (7 April)."
    )


def test_a_gap_leaves_no_trace() -> None:
    with_gap = [card for n, card in enumerate(weeks_of(1, "week", 4, 4, 4, 3)) if n != 2]
    card = person_card([with_gap[-1]], History(with_gap), words())
    assert plain(card.blocks[0].lines[0].earlier) == "Earlier: Good (21 April), Good (14 April)."


def test_only_ordered_answers_have_an_earlier() -> None:
    cards = [shared(1, line("hard", "noise"), line("amount", "much"), at=at) for at in (YESTERDAY - WEEK, YESTERDAY)]
    hard, amount = person_card([cards[-1]], History(cards), words()).blocks[0].lines
    assert hard.earlier == ""
    assert plain(amount.earlier) == "Earlier: Too much (28 April)."


def test_the_strict_rule_is_said_in_words() -> None:
    cards = weeks_of(1, "week", 4, 5, 4, 5, 2, 3)
    assert plain(person_card([cards[-1]], History(cards), words()).blocks[0].lines[0].change) == (
        "The last two answers are lower than the 4 before."
    )
    few = cards[1:]
    assert person_card([few[-1]], History(few), words()).blocks[0].lines[0].change == ""


def test_answers_of_another_scale_are_not_compared() -> None:
    cards = [shared(1, line("amount", "much"), at=YESTERDAY - WEEK), shared(1, line("amount", "ok"))]
    amount = PUBLISHED.script.by_key["checkin/amount"]
    finer = replace(amount, options=(*amount.options, Option("far_too_much", "Far too much")))  # type: ignore[union-attr, call-arg]
    steps = tuple(finer if step is amount else step for step in PUBLISHED.script.steps)
    newer = replace(PUBLISHED, version=2, script=replace(PUBLISHED.script, steps=steps))  # type: ignore[arg-type]
    cards[1] = replace(cards[1], published=newer)
    assert person_card([cards[1]], History(cards), words()).blocks[0].lines[0].earlier == ""


def test_two_check_ins_of_one_person_are_one_card_with_the_newest_first() -> None:
    digest = digest_of(
        shared(1, line("week", point=2), at=YESTERDAY),
        shared(1, line("week", point=4), at=YESTERDAY + timedelta(hours=2)),
    )
    assert [[one.value for one in block.lines] for block in digest.cards[0].blocks] == [["Good"], ["Hard"]]
    assert plain(digest.overview.groups[0].heading) == "New shared check-ins (1)"


# Languages


def test_a_card_is_in_the_language_of_the_reader() -> None:
    cards = weeks_of(1, "week", 4, 3)
    cards = [replace(card, published=in_norwegian_too()) for card in cards]
    block = person_card([cards[-1]], History(cards), words("nb")).blocks[0]
    assert block.language == "nb"
    assert plain(block.lines[0].value) == "nb In between"
    assert plain(block.lines[0].earlier) == "nb Earlier: nb nb Good (28. april)."


def test_a_card_whose_script_lacks_the_language_is_whole_in_its_own() -> None:
    cards = weeks_of(1, "week", 4, 3)
    card = person_card([cards[-1]], History(cards), words("nb"))
    assert card.blocks[0].language == "en"
    assert "nb" not in card_as_text(card)


def test_an_earlier_answer_never_brings_another_language_into_a_card() -> None:
    old, new = weeks_of(1, "week", 4, 3)
    new = replace(new, published=in_norwegian_too())
    assert plain(person_card([new], History([old, new]), words("nb")).blocks[0].lines[0].earlier) == (
        "nb Earlier: nb nb Good (28. april)."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tuesday 6 May"),
        ("nb", "tirsdag 6. mai"),
        ("ar", "الثلاثاء 6 مايو"),
        ("pl", "wtorek 6 maja"),
        ("fa_AF", "سه\u200cشنبه 6 می"),
        ("xx", "Tuesday 6 May"),
    ],
)
def test_dates_are_words(language: str, said: str) -> None:
    assert weekday_and_date(TODAY, language) == said


def test_a_date_of_another_year_has_its_year() -> None:
    at = datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    assert short_date(at, zone="UTC", today=TODAY, language="en") == "31 December 2024"
    assert short_date(at, zone="Europe/Oslo", today=TODAY, language="en") == "1 January"


# Days

OSLO = Rhythm("12345", "08:00", "Europe/Oslo")


def utc(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (utc(6, 10), utc(5, 6)),
        (utc(6, 5), utc(5, 6)),
        (utc(5, 7), utc(2, 6)),
        (utc(10, 12), utc(9, 6)),
        (utc(11, 12), utc(9, 6)),
    ],
    ids=["Tuesday", "Tuesday before the digest", "Monday reaches back to Friday", "Saturday", "Sunday"],
)
def test_a_day_reaches_back_to_the_digest_before(now: datetime, since: datetime) -> None:
    assert window(OSLO, OSLO.today(now), now) == Window(since, now)


def test_days_that_are_over_follow_each_other_without_a_gap() -> None:
    now, day = utc(6, 10), date(2025, 5, 6)
    ends = window(OSLO, day, now).since
    for _ in range(5):
        day = OSLO.working_day_before(day)
        past = window(OSLO, day, now)
        assert past.until == ends
        ends = past.since


def test_what_comes_after_the_digest_time_is_for_the_next_mail() -> None:
    monday, tuesday = mail_window(OSLO, date(2025, 5, 5)), mail_window(OSLO, date(2025, 5, 6))
    late = utc(5, 6, 1)
    assert not monday.holds(late)
    assert tuesday.holds(late)
    assert monday.until == tuesday.since


def test_a_digest_time_that_the_clock_jumps_over_or_repeats_is_one_moment() -> None:
    night = Rhythm("1234567", "02:30", "Europe/Oslo")
    assert night.moment(date(2025, 3, 30)) == utc(30, 1, 30, month=3)
    assert night.moment(date(2025, 10, 26)) == utc(26, 0, 30, month=10)


def test_the_day_is_that_of_the_reader() -> None:
    assert Rhythm("12345", "08:00", "Pacific/Auckland").today(utc(6, 20)) == date(2025, 5, 7)


def test_somebody_without_working_days_still_has_a_week() -> None:
    assert window(Rhythm("", "08:00", "UTC"), TODAY, NOW).since == utc(29, 8, month=4)
