"""Attention: what lifts somebody up is on a list, is something they did, and goes when it was taken up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest import Digest, compose
from bot.digest.acts import Standing, waiting, workload
from bot.digest.attention import attention, lifts
from bot.digest.brevity import CARD_WORDS, OVERVIEW_LINES, OVERVIEW_WORDS, PAGE_WORDS
from bot.digest.day import Window
from bot.digest.history import SharedCard
from bot.digest.rules import RulesRefused, read_rules
from bot.lines import CardLine
from bot.wording import WORDING
from dialogues import loader
from dialogues.model import Ask
from dialogues.session import Answer
from tests.bot.attention_script import PUBLISHED, agreed, line, replied, shared
from tests.bot.digest_samples import NOW, TODAY, WEEK, YESTERDAY, plain, words

FILE = Path(__file__).parents[2] / "dialogues" / "attention.yaml"
WINDOW = Window(NOW - timedelta(days=1), NOW)
LONG_AGO = YESTERDAY - 30 * WEEK


def today(*cards: SharedCard, standing: Standing | None = None) -> Digest:
    return compose(cards, WINDOW, TODAY, "Anna", words(), standing or Standing())


def groups(digest: Digest) -> dict[str, list[str]]:
    return {group.name: [entry.pseudonym for entry in group.entries] for group in digest.overview.groups}


def codes(one: CardLine) -> list[str]:
    return [lift.rule.code for lift in lifts(PUBLISHED.script, one)]


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_is_the_whole_list_in_the_order_of_the_overview() -> None:
    assert [(rule.code, rule.leaves) for rule in attention().rules] == [
        ("A1", "replied"),
        ("A2", "replied"),
        ("A3", "replied"),
        ("A7", "replied"),
        ("A8", "contact"),
        ("A4", "updated"),
        ("A5", "seen"),
        ("A6", "seen"),
    ]
    assert {"no", "none", "not_now", "nothing", "never"} == attention().declines


def test_every_rule_has_its_words_for_staff_and_for_participants() -> None:
    for rule in attention().rules:
        assert rule.heading.startswith("staff/")
        assert rule.why.startswith("staff/why_")
        assert {rule.heading, rule.why, f"ui/me.rule.{rule.code}"} <= WORDING.keys()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("leaves: seen", "leaves: never", "Invalid enum value 'never' - at `$.rules[6].leaves`"),
        ("code: A2", "code: A1", "A1 is here twice."),
        ("why: staff/why_help", "why: staff/why_not", "A2 names the text staff/why_not, and there is none."),
        ("on: agreement", "on: []", "Agreements whose day has come have one rule, no more and no less."),
        ("leaves: updated", "leaves: seen", 'A4: "updated" is how an agreement leaves, and only an agreement.'),
        ("- tag: asks:contact", "- scale: 1", "Object contains unknown field `scale` - at `$.rules[0].on[0]`"),
        ("on:\n      - tag: asks:contact", "on: []", "A1 names nothing that lifts somebody up."),
        ("declines: [", "declines: {", "while parsing a flow mapping"),
    ],
)
def test_a_list_that_is_not_sound_is_refused_with_the_reason(before: str, after: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(before) >= 1
    with pytest.raises(RulesRefused) as refused:
        read_rules(text.replace(before, after, 1), WORDING)
    assert said in str(refused.value)


# What lifts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (line("contact", "yes"), ["A1"]),
        (line("contact", "no"), []),
        (line("help", "letters"), ["A2"]),
        (line("help", "letters", "interpreter"), ["A2", "A3"]),
        (line("help", "interpreter"), ["A3"]),
        (line("help", own="ورقة"), ["A2"]),
        (line("help", "interpreter", own="ورقة"), ["A2", "A3"]),
        (line("help", "no"), []),
        (line("interpreter", day="2025-05-08"), ["A3"]),
        (line("talk", "specialist"), ["A7"]),
        (line("talk", "someone_else"), []),
        (line("talk", "not_now"), []),
        (line("quiet", "weeks_4"), ["A8"]),
        (line("quiet", "never"), []),
        (line("news", "sick"), ["A5"]),
        (line("news", own="خبر"), ["A5"]),
        (line("still", "change"), ["A6"]),
        (line("still", "enough"), ["A6"]),
        (line("still", "yes"), []),
        (line("week", point=1), []),
        (line("hard", "boss", own="!"), []),
        (line("good", own="x"), []),
        (line("contact", "yes").taken_back(), []),
    ],
    ids=str,
)
def test_only_acts_lift(one: CardLine, expected: list[str]) -> None:
    assert codes(one) == expected


def test_the_shipped_scripts_reach_every_rule() -> None:
    folder = FILE.parent / "scripts"
    sources = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    scripts = [loader.load(text, sources) for text in sources.values()]
    asks = [(script, ask) for script in scripts for ask in script.steps if isinstance(ask, Ask)]
    reached = {
        lift.rule.code
        for script, ask in asks
        for option in [*(option.name for option in ask.options), "yes"]
        for lift in lifts(script, CardLine(ask.key, "", Answer(choices=(option,))))
    }
    assert reached == {rule.code for rule in attention().rules} - {"A4"}


# When it leaves -------------------------------------------------------------------------------------------------------

ASKING = [
    line("contact", "yes"),
    line("help", "letters"),
    line("interpreter", day="2025-05-08"),
    line("talk", "specialist"),
    line("news", "sick"),
    line("still", "enough"),
]


@pytest.mark.parametrize("one", ASKING, ids=str)
def test_what_was_asked_stays_until_it_is_answered_however_long(one: CardLine) -> None:
    old = shared(1, one, at=LONG_AGO)
    assert list(groups(today(old))) == codes(one)
    assert groups(today(old, standing=replied(old, one))) == {}
    assert groups(today(old, standing=replied(old, line("week")))) == groups(today(old))


def test_a_request_to_get_in_touch_stays_until_a_contact_on_that_day_or_later() -> None:
    old, one = shared(1, line("quiet", "weeks_4"), at=LONG_AGO), line("quiet", "weeks_4")
    day = LONG_AGO.date()
    assert groups(today(old)) == {"A8": ["P1"]}
    assert groups(today(old, standing=Standing(contacts={1: day - timedelta(days=1)}))) == {"A8": ["P1"]}
    assert groups(today(old, standing=Standing(contacts={1: day}))) == {}
    assert groups(today(old, standing=Standing(contacts={2: day}))) == {"A8": ["P1"]}
    assert groups(today(old, standing=replied(old, one))) == {"A8": ["P1"]}


def test_an_agreement_stands_there_from_its_day_on_until_somebody_changes_it() -> None:
    agreements = [
        agreed(1, "specialist", TODAY - timedelta(days=3)),
        agreed(2, "participant", TODAY),
        agreed(3, "together", TODAY + timedelta(days=1)),
        agreed(4, "specialist", None),
        agreed(5, "specialist", TODAY, state="proposed"),
        agreed(6, "specialist", TODAY, state="done"),
    ]
    standing = Standing(agreements=agreements, called={person: f"P{person}" for person in range(1, 7)})
    assert groups(today(standing=standing)) == {"A4": ["P1", "P2"]}
    digest = today(standing=standing)
    assert digest.named == {1, 2}
    assert digest.cards == ()


@pytest.mark.parametrize("owner", ["participant", "specialist", "together", "someone_else"])
def test_whoever_owns_an_agreement_the_words_are_the_same(owner: str) -> None:
    standing = Standing(agreements=[agreed(1, owner, TODAY, what="أرسل")], called={1: "P1"})  # type: ignore[arg-type]
    (entry,) = today(standing=standing).overview.groups[0].entries
    called = {"participant": "P1", "specialist": "Anna", "together": "together", "someone_else": "someone else"}
    assert plain(entry.details) == f"{called[owner]}, 6 May"
    assert entry.quote is not None
    assert (entry.quote.short, entry.quote.language) == ("أرسل", "ar")


def test_the_page_of_an_earlier_day_is_what_was_shared_for_it_whatever_became_of_it() -> None:
    old, new = shared(1, line("contact", "yes"), at=LONG_AGO), shared(2, line("help", "letters"))
    assert groups(compose([old, new], WINDOW, TODAY, "Anna", words())) == {"A2": ["P2"], "new": ["P2"]}


def test_requests_stand_before_agreements_news_and_new_ones_the_oldest_first() -> None:
    cards = [
        shared(1, line("news", "sick")),
        shared(2, line("help", "letters"), at=YESTERDAY + timedelta(minutes=1)),
        shared(3, line("help", "letters"), at=LONG_AGO),
        shared(4, line("contact", "yes")),
        shared(5, line("week", point=3), at=YESTERDAY - timedelta(minutes=1)),
    ]
    standing = Standing(agreements=[agreed(5, "together", TODAY)], called={5: "P5"})
    digest = today(*cards, standing=standing)
    assert list(groups(digest).items()) == [
        ("A1", ["P4"]),
        ("A2", ["P3", "P2"]),
        ("A4", ["P5"]),
        ("A5", ["P1"]),
        ("new", ["P5", "P1", "P4", "P2"]),
    ]
    assert digest.overview.order == "Order: requests, agreements, news, new check-ins. Oldest first."
    folded = [one.card.pseudonym for one in digest.folded] or [card.pseudonym for card in digest.cards]
    assert folded == ["P4", "P2", "P5", "P1"]


def test_a_request_says_how_and_when_and_by_whom() -> None:
    lines = [line("contact", "yes"), line("how", "message"), line("when_then", "week")]
    more = [line("help", "letters", "interpreter", own="من المدرسة"), line("who", "together")]
    digest = today(shared(1, *lines, *more))
    contact, help_wanted, interpreter = (group.entries[0] for group in digest.overview.groups[:3])
    assert (contact.topic, plain(contact.details)) == ("", "Message, This week")
    assert help_wanted.quote is not None
    assert (help_wanted.quote.short, help_wanted.topic, help_wanted.details) == ("من المدرسة", "Letters", "Together")
    assert (interpreter.topic, interpreter.quote) == ("", None)


def test_only_what_one_press_makes_go_has_a_button() -> None:
    digest = today(*(shared(number, one) for number, one in enumerate(ASKING)))
    assert {group.name: group.entries[0].button for group in digest.overview.groups} == {
        **dict.fromkeys(("A1", "A2", "A3", "A7", "new"), ""),
        "A5": "Seen",
        "A6": "Seen",
    }


# The workload ---------------------------------------------------------------------------------------------------------


def test_the_workload_counts_requests_new_ones_and_what_may_be_somebody_elses() -> None:
    cards = [
        shared(1, line("help", "letters"), at=LONG_AGO),
        shared(2, line("help", "money", "letters"), line("contact", "yes")),
        shared(3, line("news", "sick"), line("still", "enough")),
        shared(4, line("quiet", "weeks_8")),
    ]
    standing = Standing(elsewhere=frozenset({"letters", "sick"}))
    acts = waiting(cards, standing, TODAY, "UTC")
    assert workload(acts, standing, NOW) == (4, 3, 2)
    said = plain(today(*cards, standing=standing).overview.workload)
    assert said == "Requests open: 4. New this week: 3. 2 may be not your role."


def test_without_an_open_request_nothing_is_said_of_the_workload() -> None:
    assert today(shared(1, line("news", "sick"))).overview.workload == ""
    old = today(shared(1, line("contact", "yes"), at=LONG_AGO))
    assert plain(old.overview.workload) == "Requests open: 1."


# What cannot lift -----------------------------------------------------------------------------------------------------

Fields = dict[str, object]
NO_TRIGGER = st.fixed_dictionaries(
    {
        "week": st.integers(1, 5),
        "hard": st.lists(st.sampled_from(("noise", "boss")), unique=True),
        "own": st.text(max_size=60),
        "good": st.text(max_size=200),
        "step": st.text(max_size=200),
        "knew": st.sampled_from(("mostly", "rarely")),
        "amount": st.sampled_from(("little", "much")),
        "change": st.sampled_from(("pause", "nothing")),
        "permission": st.sampled_from(("yes", "no", "after_we_talk")),
        "how": st.sampled_from(("meeting", "message", "call", "none")),
        "language": st.sampled_from(("en", "ar", "ti")),
        "name": st.text(min_size=1, max_size=30),
        "earlier": st.integers(0, 8),
        "request": st.text(max_size=60),
    }
)


def cards_of(person: int, act: Sequence[CardLine], given: Fields, chance: random.Random) -> list[SharedCard]:
    """What one person shared: the act, and whatever else there may be, in any order."""
    lines = [
        line("week", point=given["week"]),  # type: ignore[arg-type]
        line("hard", *given["hard"], own=str(given["own"])),  # type: ignore[misc]
        line("knew", str(given["knew"])),
        line("amount", str(given["amount"])),
        line("change", str(given["change"])),
        line("permission", str(given["permission"])),
        line("how", str(given["how"])),
        line("step", own=str(given["step"])),
        line("good", own=str(given["good"])),
        *(replace_words(one, str(given["request"])) for one in act),
    ]
    chance.shuffle(lines)
    weeks = range(1, int(str(given["earlier"])) + 1)
    earlier = [shared(person, line("week", point=given["week"]), at=YESTERDAY - week * WEEK) for week in weeks]  # type: ignore[arg-type]
    cards = [*earlier, shared(person, *lines, at=YESTERDAY + person * timedelta(minutes=1))]
    return [replace(card, language=str(given["language"]), name=str(given["name"])) for card in cards]


def replace_words(one: CardLine, own: str) -> CardLine:
    """The same act with other words beside it, where words can stand."""
    if not one.answer.choices or one.name not in ("acts/help", "acts/news"):
        return one
    return CardLine(one.name, one.group, Answer(choices=one.answer.choices, words=own))


@given(st.lists(NO_TRIGGER, min_size=5, max_size=5), st.randoms(use_true_random=False))
def test_nothing_but_an_act_changes_the_overview(given_: list[Fields], chance: random.Random) -> None:
    acts = [
        (),
        (line("help", "letters"),),
        (line("contact", "yes"),),
        (line("news", "sick"),),
        (line("still", "enough"),),
    ]
    cards = [
        card
        for person, (act, fields) in enumerate(zip(acts, given_, strict=True), 1)
        for card in cards_of(person, act, fields, chance)
    ]
    chance.shuffle(cards)
    standing = Standing(agreements=[agreed(1, "together", TODAY)], called={1: "P1"})
    digest = today(*cards, standing=standing)
    assert list(groups(digest).items()) == [
        ("A1", ["P3"]),
        ("A2", ["P2"]),
        ("A4", ["P1"]),
        ("A5", ["P4"]),
        ("A6", ["P5"]),
        ("new", ["P1", "P2", "P3", "P4", "P5"]),
    ]


# Two minutes ----------------------------------------------------------------------------------------------------------

ANYTHING = st.lists(
    st.sampled_from(
        (
            *ASKING,
            line("help", "letters", "money", own="word " * 80),
            line("how", "message"),
            line("who", "together"),
            line("quiet", "weeks_4"),
            line("week", point=2),
            line("hard", "noise", own="much " * 40),
            line("knew", "mostly"),
            line("who_to_ask", "no"),
            line("amount", "much"),
            line("meaning", "yes"),
            line("keep", own="calm " * 30),
            line("change", own="break " * 30),
            line("permission", "after_we_talk"),
            line("step", own="call " * 50),
            line("good", own="closed the till alone " * 9),
            line("good").taken_back(),
        )
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda one: one.name,
)


@pytest.mark.parametrize(
    ("asking", "telling", "shown"),
    [(3, 3, (8, 8)), (3, 4, (8, 4)), (4, 4, (4, 4)), (6, 5, (4, 0))],
)
def test_what_was_asked_keeps_its_words_longest(asking: int, telling: int, shown: tuple[int, int]) -> None:
    eight = "one two three four five six seven eight"
    cards = [shared(person, line("help", "letters", own=eight), at=LONG_AGO) for person in range(1, asking + 1)]
    cards += [shared(person, line("news", "sick", own=eight), at=LONG_AGO) for person in range(20, 20 + telling)]
    asked, news = today(*cards).overview.groups
    lengths = [{len(one.quote.short.split()) if one.quote else 0 for one in group.entries} for group in (asked, news)]
    assert lengths == [{most} for most in shown]


def test_who_asked_twice_is_named_once_where_there_is_no_room_for_what_it_was() -> None:
    eight = "one two three four five six seven eight"
    asked = [shared(person, line("help", "letters", own=eight), at=LONG_AGO) for person in range(1, 13)]
    again = shared(2, line("help", "letters", own="The landlord wrote."), at=YESTERDAY)
    crowded = today(*asked, again).overview.groups[0]
    assert [entry.pseudonym for entry in crowded.entries] == [f"P{person}" for person in range(1, 13)]
    assert "13" in crowded.heading, "every request is counted"
    assert groups(today(*asked[:2], again))["A2"] == ["P1", "P2", "P2"], "with room for it each request is there"


def test_news_told_twice_stands_there_twice_for_each_is_seen_by_itself() -> None:
    eight = "one two three four five six seven eight"
    asked = [shared(person, line("help", "letters", own=eight), at=LONG_AGO) for person in range(1, 7)]
    told = [shared(20, line("news", "sick", own=eight), at=at) for at in (LONG_AGO, YESTERDAY)]
    entries = today(*asked, *told).overview.groups[1].entries
    assert [entry.pseudonym for entry in entries] == ["P20", "P20"]
    assert len({entry.line for entry in entries}) == 2


@given(st.lists(st.tuples(st.integers(1, 30), ANYTHING, st.booleans()), max_size=30), st.integers(0, 30))
def test_the_words_fit_in_two_minutes_whatever_is_shared(
    given_: list[tuple[int, list[CardLine], bool]], agreements: int
) -> None:
    cards = [
        shared(person, *lines, at=(YESTERDAY if new else LONG_AGO) + timedelta(minutes=minute))
        for minute, (person, lines, new) in enumerate(given_)
    ]
    every = [
        agreed(person, "specialist", TODAY, what="carry " * 30, number=number)
        for person in range(agreements)
        for number in (1, 2, 3)
    ]
    standing = Standing(agreements=every, called={person: f"P{person}" for person in range(31)})
    digest = today(*cards, standing=standing)
    assert digest.words <= PAGE_WORDS
    assert digest.overview.words <= OVERVIEW_WORDS
    assert digest.overview.lines <= OVERVIEW_LINES
    shown = (*digest.cards, *(one.card for one in (*digest.folded, *digest.more)))
    assert all(card.words <= CARD_WORDS for card in shown)
    assert {card.participant_id for card in shown} == {person for person, _, new in given_ if new}
