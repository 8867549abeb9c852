"""A card: a request with its details, a workplace in three lines, what is agreed, and nothing hard on its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.acts import Standing
from bot.digest.agreed import AGREED_WORDS, agreed_line
from bot.digest.card import Line, PersonCard
from bot.digest.fitting import person_card
from bot.digest.history import History, SharedCard
from bot.lines import CardLine
from tests.bot.attention_script import agreed, line, replied, shared
from tests.bot.digest_samples import TODAY, WEEK, YESTERDAY, plain, words

LONG = " ".join(["word"] * 60)


def card_of(*lines: CardLine, standing: Standing | None = None, earlier: tuple[SharedCard, ...] = ()) -> PersonCard:
    card = shared(1, *lines)
    return person_card([card], History([card, *earlier]), words(), standing, reader="Anna")


def said(card: PersonCard) -> list[str]:
    """Every line of a card that is visible at first, as a reader meets it."""
    return [as_text(one) for block in card.blocks for one in block.lines]


def as_text(one: Line) -> str:
    own = f"“{one.quote.short}”" if one.quote else ""
    parts = (own, one.value, one.details, one.earlier, one.change, one.answered)
    return plain(f"{one.label}: {' | '.join(part for part in parts if part)}")


# Requests -------------------------------------------------------------------------------------------------------------


def test_a_request_has_its_details_beside_it_and_its_own_words_first() -> None:
    lines = [line("contact", "yes"), line("how", "message"), line("when_then", "week")]
    lines += [line("help", "letters", own="من المدرسة"), line("who", "together")]
    card = card_of(*lines, line("week", point=3))
    assert said(card) == [
        "Asked for contact: Yes | Message, This week",
        "Asked for help: “من المدرسة” | Letters | Together",
        "Week: 3",
    ]


def test_a_detail_whose_request_was_not_shared_stands_by_itself() -> None:
    assert said(card_of(line("how", "call"), line("contact", "no"))) == ["How: Call", "Contact: No"]


def test_a_detail_that_comes_before_its_request_belongs_to_it() -> None:
    assert said(card_of(line("how", "call"), line("contact", "yes"))) == ["Asked for contact: Yes | Call"]


@pytest.mark.parametrize(("code", "answer"), [("yes", "Answered 5 May."), ("seen", "Seen 5 May.")])
def test_what_was_answered_says_so(code: str, answer: str) -> None:
    one = line("help", "letters")
    card = card_of(one, standing=replied(shared(1, one), one, code))
    assert said(card) == [f"Asked for help: Letters | {answer}"]


def test_what_was_taken_back_says_so_and_asks_for_nothing() -> None:
    lines = [
        line("help", "letters").taken_back(),
        line("week", point=4).taken_back(),
        line("knew", "mostly").taken_back(),
    ]
    earlier = tuple(shared(1, line("week", point=5), at=YESTERDAY - week * WEEK) for week in range(1, 3))
    card = card_of(*lines, line("who_to_ask", "yes"), earlier=earlier)
    assert said(card) == [
        "Help: Withdrawn by the participant.",
        "Week: Withdrawn by the participant.",
        "Clear: What to do: Withdrawn by the participant. · Who to ask: Yes",
    ]
    assert [one.rule for one in card.blocks[0].lines] == [None, None, None]


def test_an_answer_that_was_taken_back_is_no_earlier_answer() -> None:
    earlier = (
        shared(1, line("week", point=5).taken_back(), at=YESTERDAY - WEEK),
        shared(1, line("week", point=2), at=YESTERDAY - 2 * WEEK),
    )
    assert said(card_of(line("week", point=4), earlier=earlier)) == ["Week: 4 | Earlier: 2 (21 April)."]


# The workplace --------------------------------------------------------------------------------------------------------


def test_a_workplace_is_three_lines_in_their_order() -> None:
    lines = [line("meaning", "yes"), line("amount", "much"), line("who_to_ask", "no"), line("knew", "mostly")]
    assert said(card_of(*lines, line("keep", own="The colleagues"))) == [
        "Clear: Who to ask: No · What to do: Most of the time",
        "Do-able: Amount: Too much",
        "Meaning: This work: Yes",
        "Stays: “The colleagues”",
    ]


def test_earlier_answers_about_a_workplace_open_by_a_tap() -> None:
    earlier = tuple(shared(1, line("amount", "little"), at=YESTERDAY - week * WEEK) for week in (1, 2))
    (one,) = card_of(line("amount", "much"), earlier=earlier).blocks[0].lines
    assert (one.earlier, one.earlier_more) == ("", "Earlier answers")
    assert plain(one.earlier_whole) == "Earlier: Amount: Too little (28 April), Amount: Too little (21 April)."


def test_a_change_in_a_workplace_names_the_question() -> None:
    earlier = tuple(
        shared(1, line("amount", "much" if week == 1 else "little"), at=YESTERDAY - week * WEEK) for week in range(1, 6)
    )
    (one,) = card_of(line("amount", "much"), earlier=earlier).blocks[0].lines
    assert plain(one.change) == "Amount: The last two answers are higher than the 4 before."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("change", "pause"), line("permission", "yes")], ["Change: A break | Talk to them: Yes"]),
        ([line("change", "pause"), line("permission", "no")], ["Change: A break | Talk to them: No"]),
        ([line("change", "pause")], ["Change: A break | Talk to them? After we have talked."]),
        (
            [line("change", "pause"), line("permission", "yes").taken_back()],
            [
                "Change: A break | Talk to them? After we have talked.",
                "Talk to them: Withdrawn by the participant.",
            ],
        ),
        ([line("change", "nothing")], ["Change: Nothing"]),
        ([line("change", own="A break at 10")], ["Change: “A break at 10” | Talk to them? After we have talked."]),
        (
            [line("change", "pause", own="At 10"), line("permission", "yes")],
            ["Change: “At 10” | A break | Talk to them: Yes"],
        ),
        ([line("permission", "yes")], ["Talk to them: Yes"]),
    ],
    ids=["yes", "no", "not shared", "taken back", "no wish", "own words", "both", "alone"],
)
def test_a_wish_for_a_change_is_never_without_its_permission(lines: list[CardLine], expected: list[str]) -> None:
    assert said(card_of(*lines)) == expected


# What was hard --------------------------------------------------------------------------------------------------------

HARD = line("hard", "noise")
STEP = line("step", own="Ask about Saturdays")


def test_something_hard_brings_the_last_step_or_good_thing_that_was_shared() -> None:
    earlier = (
        shared(1, line("week", point=1), at=YESTERDAY - WEEK),
        shared(1, line("week", point=2), STEP, line("good", own="I closed the till"), at=YESTERDAY - 2 * WEEK),
        shared(1, line("good", own="Older"), at=YESTERDAY - 3 * WEEK),
    )
    card = card_of(HARD, earlier=earlier)
    assert said(card) == ["Hard: Noise", "Next step: “Ask about Saturdays”"]
    assert [plain(block.shared_on) for block in card.blocks] == ["shared 5 May", "shared 21 April"]


@pytest.mark.parametrize(
    ("lines", "earlier"),
    [
        ([HARD, line("good", own="Rest")], [STEP]),
        ([HARD], [STEP.taken_back()]),
        ([HARD], []),
        ([HARD.taken_back()], [STEP]),
        ([line("week", point=1)], [STEP]),
    ],
    ids=["a good thing is there", "taken back", "none was shared", "the hard one taken back", "nothing hard"],
)
def test_otherwise_a_card_is_what_was_shared_and_no_more(lines: list[CardLine], earlier: list[CardLine]) -> None:
    before = (shared(1, line("week", point=2), *earlier, at=YESTERDAY - WEEK),)
    assert len(card_of(*lines, earlier=before).blocks) == 1


SOMETHING = st.lists(
    st.sampled_from(
        (
            line("contact", "yes"),
            line("help", "letters", "money", own=LONG),
            line("news", "sick", own=LONG),
            line("still", "change"),
            line("week", point=1),
            line("hard", "noise", own=LONG),
            line("hard", "boss"),
            line("amount", "much"),
            line("knew", "rarely"),
            line("keep", own=LONG),
            line("change", own=LONG),
            STEP,
            line("step", own=LONG),
            line("good", own=LONG),
        )
    ),
    unique_by=lambda one: one.name,
    min_size=1,
)


@given(st.lists(SOMETHING, min_size=1, max_size=4), st.lists(SOMETHING, max_size=2))
def test_nothing_hard_is_visible_without_what_balances_it(new: list[list[CardLine]], old: list[list[CardLine]]) -> None:
    shares = [shared(1, *lines, at=YESTERDAY + timedelta(minutes=n)) for n, lines in enumerate(new)]
    earlier = [shared(1, *lines, at=YESTERDAY - (n + 1) * WEEK) for n, lines in enumerate(old)]
    card = person_card(shares, History([*shares, *earlier]), words())
    every = [one for block in (*card.blocks, *card.older) for one in (*block.lines, *block.more)]
    visible = [one for block in card.blocks for one in block.lines]
    was_shared = any(one.name in ("acts/step", "acts/good") for lines in (*new, *old) for one in lines)
    if any(one.hard for one in visible) and was_shared:
        assert any(one.balance for one in visible)
    assert len(every) >= len({one.name for lines in new for one in lines})
    assert card.words <= 75


# What is agreed -------------------------------------------------------------------------------------------------------


def test_a_card_names_what_is_agreed_and_whose_it_is() -> None:
    agreements = [
        agreed(1, "participant", TODAY + timedelta(days=3), number=1, what="ask about Saturdays"),
        agreed(1, "specialist", TODAY + timedelta(days=1), number=2, what="call the shop"),
        agreed(1, "together", None, number=3, what="look at papers"),
        agreed(1, "specialist", TODAY, number=4, what="not yet", state="proposed"),
        agreed(2, "specialist", TODAY, number=1, what="of somebody else"),
    ]
    line_of = card_of(line("week", point=3), standing=Standing(agreements=agreements)).agreed
    assert line_of is not None
    assert line_of.label == "Open"
    assert [(plain(one.owner), one.what.short, plain(one.day)) for one in line_of.shown] == [
        ("Anna", "call the shop", "7 May"),
        ("P1", "ask about Saturdays", "9 May"),
        ("together", "look at papers", ""),
    ]
    assert line_of.more == ()


def test_many_agreements_stay_within_their_words_and_none_is_lost() -> None:
    many = [agreed(1, "specialist", TODAY, number=number, what="carry " * 20) for number in range(1, 9)]
    made = agreed_line(many, "P1", "Anna", words())
    assert made is not None
    assert made.words <= AGREED_WORDS
    assert len(made.shown) + len(made.more) == 8
    assert plain(made.more_label) == f"{len(made.more)} more agreements"
    assert agreed_line([], "P1", "Anna", words()) is None


def test_without_a_standing_nothing_is_said_of_agreements_and_answers() -> None:
    card = card_of(line("help", "letters"))
    assert card.agreed is None
    assert card.blocks[0].lines[0].answered == ""
    assert plain(card.footer) == "Shared by P1 for job support. Not an activity report."
