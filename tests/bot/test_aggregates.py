"""What of a count may be seen: nobody is behind a number alone, and nothing hidden can be reckoned."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aggregates import Behind, Figures, Invited, Month, Numbers, Tally, closed, numbers
from bot.aggregates.rules import Between, band, meant, parts, rounded, seen
from bot.aggregates.tables import Row, Table, as_csv

ENOUGH = 3
LANGUAGES = ("en", "nb", "ar", "uk")

cells = st.builds(Behind, st.integers(0, 60), st.integers(0, 6))
behind = st.dictionaries(st.sampled_from(["letters", "money", "talk", "hours", "words"]), cells)


# Rounding and shares


def test_counts_are_rounded_to_the_nearest_five() -> None:
    assert [rounded(n) for n in (0, 2, 3, 7, 8, 10, 12, 13, 1002)] == [0, 0, 5, 5, 10, 10, 10, 15, 1000]


@given(st.integers(10, 10_000))
def test_a_shown_number_means_what_it_was_made_of(count: int) -> None:
    known = meant(rounded(count))
    assert known.least <= count <= known.most
    assert {rounded(n) for n in range(known.least, known.most + 1)} == {rounded(count)}


@pytest.mark.parametrize(
    ("part", "share"),
    [(0, "few"), (4, "few"), (5, "quarter"), (14, "quarter"), (15, "half"), (24, "half"), (25, "three_quarters"),
     (34, "three_quarters"), (35, "most"), (40, "most")],
)  # fmt: skip
def test_shares_of_forty_are_bands(part: int, share: str) -> None:
    assert band(part, 40) == share


# Every number


@given(behind)
def test_every_number_has_ten_people_and_three_specialists_behind_it(counted: Mapping[str, Behind]) -> None:
    shown = seen(counted)
    assert shown == {key: rounded(cell.people) for key, cell in counted.items() if cell[0] >= 10 and cell[1] >= 3}


@given(behind, st.integers(0, 80), st.integers(0, 80), st.frozensets(st.sampled_from(["letters", "money"])))
def test_parts_are_shown_under_the_same_rule_or_not_at_all(
    counted: Mapping[str, Behind], least: int, most: int, hide: frozenset[str]
) -> None:
    shown = parts(counted, Between(least, most), hide)
    assert shown in ({}, {key: n for key, n in seen(counted).items() if key not in hide})


def test_parts_are_all_shown_where_none_is_small() -> None:
    assert parts({"a": Behind(21, 3), "b": Behind(12, 3)}, meant(35)) == {"a": 20, "b": 10}


def test_one_small_part_beside_its_whole_hides_all_parts() -> None:
    assert parts({"a": Behind(41, 3), "b": Behind(9, 3)}, meant(50)) == {}


def test_small_parts_that_may_be_anybodys_hide_nothing_else() -> None:
    assert parts({"a": Behind(41, 3), "b": Behind(4, 3), "c": Behind(5, 3)}, meant(50)) == {"a": 40}


HIGHEST = 22
"""Of the counts that are tried out. A shown part of 20 may be 21 or 22 just as well: none is cut off."""


@pytest.mark.parametrize(("several", "fewest"), [(2, 10), (3, 10), (3, 20)])
def test_whoever_knows_the_whole_cannot_reckon_what_is_hidden(several: int, fewest: int) -> None:
    """Every table there can be, gathered by what is shown of it: each hidden part may be nobody, or one of four others
    and more."""
    worlds: dict[tuple[int, Iterable[tuple[int, int]]], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(HIGHEST + 1), repeat=several):
        whole = sum(counts)
        if whole >= fewest:
            table = {part: Behind(n, ENOUGH) for part, n in enumerate(counts)}
            shown = parts(table, meant(rounded(whole), fewest))
            worlds[rounded(whole), tuple(shown.items())].append(counts)
    hidden = [
        {counts[part] for counts in alike}
        for (_, shown), alike in worlds.items()
        if shown
        for part in set(range(several)) - dict(shown).keys()
    ]
    assert hidden or several == 2
    assert all(0 in possible and len(possible) >= 5 for possible in hidden)


QUIET = 25
"""People who take part and share nothing: more than there is room for among the 40 that are looked at."""


def test_the_languages_cannot_be_reckoned_from_who_takes_part_and_from_the_topics() -> None:
    """Two languages of people who share, how many of them want one thing, and some who take part and share nothing."""
    worlds: dict[tuple[int, object, object], list[int]] = defaultdict(list)
    for large, small, quiet in product(range(10, HIGHEST + 1), range(13), range(QUIET)):
        for wants in {0, large, large + small}:
            figures = Figures(
                using=Behind(large + small + quiet, ENOUGH),
                languages={"en": Behind(large, ENOUGH), "nb": Behind(small, ENOUGH)},
                topics={"letters": Behind(wants, ENOUGH)},
            )
            shown = numbers(figures, ["en", "nb"], {})
            assert shown.using is not None
            shown_as = (shown.using, tuple(shown.topics.items()), tuple(shown.languages.items()))
            worlds[shown_as].append(small)
    hidden = [
        set(alike) for (using, _, languages), alike in worlds.items() if languages == (("en", 20),) and using <= 40
    ]
    assert len(hidden) > 5
    assert all(0 in possible and len(possible) >= 5 for possible in hidden)


# A month's numbers


def figures(**more: object) -> Figures:
    everybody = Behind(60, 5)
    return Figures(**{"using": everybody, "invited": Invited(everybody, 240, 180), **more})  # type: ignore[arg-type]


def test_what_is_enough_is_shown_the_largest_first() -> None:
    shown = numbers(
        figures(
            languages={"en": Behind(31, 3), "ar": Behind(22, 4), "nb": Behind(4, 2)},
            topics={"letters": Behind(12, 3), "money": Behind(33, 4), "talk": Behind(50, 2), "hours": Behind(9, 5)},
            changes={"quiet": Behind(18, 3)},
            undelivered=Behind(11, 3),
            opinions={("weekly/hard", "not_clear"): 12, ("weekly/good", "not_good"): 9},
        ),
        LANGUAGES,
        {},
    )
    assert (shown.using, shown.taken_up, shown.undelivered) == (60, "three_quarters", 10)
    assert list(shown.topics.items()) == [("money", 35), ("letters", 10)]
    assert shown.changes == {"quiet": 20}
    assert list(shown.languages.items()) == [("en", 30), ("ar", 20)]
    assert shown.opinions == {("weekly/hard", "not_clear"): 10}


def test_topics_stand_by_language_only_where_both_are_large() -> None:
    by_language = {("money", "en"): Behind(20, 3), ("money", "ar"): Behind(13, 3), ("letters", "en"): Behind(15, 3)}
    languages = {"en": Behind(31, 3), "ar": Behind(22, 4)}
    topics = {"money": Behind(33, 4), "letters": Behind(19, 4)}
    shown = numbers(figures(languages=languages, topics=topics, topics_by_language=by_language), ("en", "ar"), {})
    assert shown.topics_by_language == {("money", "en"): 20, ("money", "ar"): 15}
    languages["ar"] = Behind(19, 4)
    smaller = numbers(figures(languages=languages, topics=topics, topics_by_language=by_language), ("en", "ar"), {})
    assert smaller.topics_by_language == {}


@given(behind, behind, st.dictionaries(st.sampled_from(LANGUAGES), cells), cells, cells, st.data())
def test_no_number_of_a_month_breaks_the_rules(
    topics: dict[str, Behind],
    changes: dict[str, Behind],
    languages: dict[str, Behind],
    using: Behind,
    undelivered: Behind,
    data: st.DataObject,
) -> None:
    pairs = [(topic, language) for topic in topics for language in languages]
    both = {pair: data.draw(cells) for pair in pairs}
    opinions = data.draw(st.dictionaries(st.tuples(st.just("weekly/hard"), st.just("not_good")), st.integers(0, 30)))
    made = Figures(
        using=using,
        invited=Invited(using, 40, 10),
        languages=languages,
        topics=topics,
        changes=changes,
        topics_by_language=both,
        undelivered=undelivered,
        opinions=opinions,
    )
    shown = numbers(made, LANGUAGES, {})
    counts = [*shown.topics.values(), *shown.changes.values(), *shown.languages.values(), *shown.opinions.values()]
    counts += [n for n in (*shown.topics_by_language.values(), shown.using, shown.undelivered) if n is not None]
    assert all(n >= 10 and n % 5 == 0 for n in counts)
    assert (shown.taken_up is None) == (not using.enough)
    assert all(topics[key].enough for key in shown.topics)
    assert all(changes[key].enough for key in shown.changes)
    assert all(languages[key].enough for key in shown.languages)
    for topic, language in shown.topics_by_language:
        assert topics[topic].people >= 20
        assert languages[language].people >= 20
        assert both[topic, language].enough
        assert language in shown.languages


def test_the_team_is_counted_from_ten_answers_on_and_every_option_is_named() -> None:
    options = {"own/heavy": ["light", "fine", "heavy", "too_heavy"], "own/hours": ["no", "a_lot"]}
    team = {"own/heavy": {"heavy": 9, "light": 3}, "own/hours": {"no": 9}}
    shown = numbers(Figures(team=team), LANGUAGES, options)
    shares = {"light": "quarter", "fine": "few", "heavy": "three_quarters", "too_heavy": "few"}
    assert shown.team == {"own/heavy": (10, shares)}


def test_an_empty_month_shows_nothing_at_all() -> None:
    shown = numbers(Figures(), LANGUAGES, {"own/heavy": ["light"]})
    assert not any(getattr(shown, each.name) for each in fields(Numbers))


# Tally


def test_each_person_counts_once_for_each_thing() -> None:
    tally = Tally()
    tally.add(1, 7, "ar", ["money"], [])
    tally.add(1, 7, "en", ["money", "letters"], ["quiet"])
    tally.add(2, 7, "ar", ["money"], [])
    tally.add(3, None, "ar", [], [])
    tally.add(4, 8, "ar", ["money"], [])
    assert tally.topics == {"money": Behind(3, 2), "letters": Behind(1, 1)}
    assert tally.changes == {"quiet": Behind(1, 1)}
    assert tally.languages == {"en": Behind(1, 1), "ar": Behind(3, 2)}
    assert tally.topics_by_language == {
        ("money", "en"): Behind(1, 1),
        ("letters", "en"): Behind(1, 1),
        ("money", "ar"): Behind(2, 2),
    }


# Months


def test_months_follow_one_another_without_a_gap() -> None:
    month = Month(2024, 1)
    for _ in range(30):
        month = month.before()
    assert month == Month(2021, 7)
    assert [str(each) for each in closed(datetime(2026, 2, 28, 23, 59, tzinfo=UTC), 3)] == [
        "2026-01",
        "2025-12",
        "2025-11",
    ]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_lies_in_its_month_and_never_in_one_that_is_shown(now: datetime) -> None:
    month = Month.of(now)
    assert month.start <= now < month.end
    assert month.before().end == month.start
    assert all(each.end <= now for each in closed(now, 12))


def test_a_month_is_that_of_utc() -> None:
    east = datetime.fromisoformat("2026-04-01T01:00:00+02:00")
    assert str(Month.of(east)) == "2026-03"
    assert Month.of(east).end == datetime(2026, 3, 31, tzinfo=UTC) + timedelta(days=1)


# The file


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def as_rows(tables: Sequence[Table]) -> list[list[str]]:
    return read(as_csv("2026-03", ["Month", "Part", "What", "Number"], tables))


def test_the_file_holds_the_tables_line_by_line() -> None:
    tables = [Table("Help", "note", (Row("Letters, and money", "10"),)), Table("Empty", "note")]
    assert as_rows(tables) == [
        ["Month", "Part", "What", "Number"],
        ["2026-03", "Help", "Letters, and money", "10"],
    ]


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\u2068=1\u2069", "\n-1"])
def test_no_cell_of_the_file_is_a_formula(label: str) -> None:
    assert as_rows([Table("Help", "", (Row(label, "10"),))])[1][2].startswith("'")


@given(st.text(max_size=20))
def test_whatever_a_label_is_it_is_one_cell_and_no_formula(label: str) -> None:
    rows = as_rows([Table("Help", "", (Row(label, "10"),))])
    assert len(rows) == 2
    assert len(rows[1]) == 4
    assert not rows[1][2].lstrip().startswith(("=", "+", "-", "@"))
