"""What of a programme takes two people, how its text is taken apart and put together, and what differs between two."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from bot.config import EXAMPLE
from bot.programme import Programme, read_programme
from bot.programme.blocks import NotInBlocks, blocks, with_keys_of, with_values
from bot.programme.differences import Difference, differences
from bot.programme.guarded import KEYS, OPEN, changed, guarded, mark, needs_two
from bot.programme.layout import PARTS, filled, lines, raw, taken

TODAY = date(2026, 3, 2)
SIGNED = """
statements:
  no consequence:
    signed by: Kari Nordmann
    signed on: 2026-01-31
"""
REAL = EXAMPLE.read_text(encoding="utf-8").replace("example: yes\n", "") + SIGNED


def read(text: str) -> Programme:
    return read_programme(text, TODAY)


def test_the_example_is_the_same_text_after_being_taken_apart() -> None:
    assert "".join(blocks(REAL).values()) == REAL
    assert with_keys_of(REAL, REAL, OPEN) == REAL
    for items in PARTS.values():
        form = dict(filled(items, raw(REAL)))
        assert raw(with_values(REAL, taken(items, form))) == raw(REAL)


def test_every_key_has_a_part_and_every_field_is_guarded_or_open() -> None:
    keys = [item.name for items in PARTS.values() for item in items]
    assert sorted(keys) == sorted([*KEYS, *OPEN])
    names = [name for group in (KEYS, OPEN) for each in group.values() for name in each]
    assert sorted(names) == sorted(each.name for each in fields(Programme))
    assert set(guarded(read(REAL))) == set(KEYS)


@pytest.mark.parametrize(
    ("before", "now", "keys"),
    [
        ("ambulance: 113", "ambulance: 112", ["help"]),
        ("call: 116 123", "call: 116 124", ["help"]),
        ("languages: [nb]\n      cost: free", "languages: [nb, ar]\n      cost: free", ["help"]),
        ("Kari Nordmann", "Ola Nordmann", ["statements"]),
        ("specialist reads: on working days", "specialist reads: once a week", ["specialist reads"]),
        ("together: [way_there]", "together: []", ["role card"]),
        ("who: Fastlegen", "who: Legevakten", ["role card"]),
        ("first: onboarding", "first: situation", ["first"]),
        ("check-in: weekly_checkin", "check-in: pulse", ["check-in"]),
        ("new specialist: new_specialist\n", "", ["new specialist"]),
        ("machine drafts: yes", "machine drafts: no", ["machine drafts"]),
        ("service: Medvind\n", "service: Medvind\nexample: yes\n", ["example"]),
    ],
)
def test_what_is_guarded_takes_two(before: str, now: str, keys: list[str]) -> None:
    assert before in REAL
    old, new = read(REAL), read(REAL.replace(before, now, 1))
    assert list(changed(old, new)) == keys
    assert needs_two(old, new)
    assert mark(old) != mark(new)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("service: Medvind", "service: Vind"),
        ("languages: [en, nb, da, uk, ar, ru, pl, ti, so, fa, fa_AF, ro, ur]", "languages: [en, nb]"),
        ("pulse: pulse\n", ""),
        ("      cost: normal", "      cost: normal\n      checked on: 2026-02-01"),
        ("# Asked once each", "# Something else\n\n# Asked once each"),
    ],
)
def test_anything_else_takes_one(before: str, now: str) -> None:
    old, new = read(REAL), read(REAL.replace(before, now, 1))
    assert not needs_two(old, new)
    assert mark(old) == mark(new)


def test_out_of_an_example_anything_takes_one_and_into_one_two() -> None:
    example = read(EXAMPLE.read_text(encoding="utf-8"))
    assert not needs_two(example, read(REAL))
    assert needs_two(read(REAL), example)


def test_guarded_keys_come_from_the_other_text_and_comments_stay() -> None:
    file = REAL.replace("service: Medvind", "service: Vind").replace("ambulance: 113", "ambulance: 112")
    file = f"example: yes\n{file.replace(SIGNED, '')}"
    merged = with_keys_of(file, REAL, OPEN)
    assert not changed(read(REAL), read(merged))
    assert read(merged).service == "Vind"
    assert "# Languages are offered in this order" in merged


@pytest.mark.parametrize("text", ["{service: a}", "- a", "", "  service: a", ": a\n- b", "[a]: b"])
def test_what_is_not_in_blocks_is_refused(text: str) -> None:
    try:
        found = blocks(text)
    except NotInBlocks:
        return
    assert "".join(found.values()).strip() == text.strip()


def test_a_value_is_exchanged_and_what_stands_around_it_stays() -> None:
    made = with_values(REAL, {"service": "No: way # out", "pulse": "", "later": ["situation"], "topics": "yes"})
    assert (read(made).service, read(made).pulse, read(made).later) == ("No: way # out", "", ("situation",))
    assert read(made).topics == "yes"
    assert "# Asked once each, one at a time, after a check-in.\nlater: [situation]\n" in made
    assert "# Short check-ins in between" not in made


def test_a_mistake_is_found_at_its_field() -> None:
    text = REAL.replace("call: 116 117", "call: many")
    at = lines(text)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "call: many" in each)
    assert at[line] == "help.lines.2.call"
    assert at[1 + text.splitlines().index("service: Medvind")] == "service"


def test_an_entry_without_a_name_is_taken_out() -> None:
    form = dict(filled(PARTS["help"], raw(REAL))) | {"help.lines.1.name": " ", "help.local.0.name": "DPS"}
    values = taken(PARTS["help"], form)["help"]
    assert [line["name"] for line in values["lines"]] == ["Hjelpetelefonen, Mental Helse", "Legevakt"]
    assert values["local"] == [{"name": "DPS"}]


def test_differences_say_what_was_and_what_is() -> None:
    now = (
        REAL.replace("ambulance: 113", "ambulance: 112")
        .replace("call: 116 123", "call: 116 124\n      checked on: 2026-02-01")
        .replace("name: Kirkens SOS", "name: SOS")
        .replace("languages: [en, nb, da, uk, ar, ru, pl, ti, so, fa, fa_AF, ro, ur]", "languages: [nb, en]")
        .replace("    signed on: 2026-01-31", "    signed on: 2026-02-01")
    )
    found = differences(REAL, now)
    assert [(each.keys, each.entry, each.before, each.now, each.is_guarded) for each in found] == [
        (("languages",), "", "en, nb, da, uk, ar, ru, pl, ti, so, fa, fa_AF, ro, ur", "nb, en", False),
        (("help", "ambulance"), "", "113", "112", True),
        (("help", "lines"), "Kirkens SOS", "talk, 22 40 00 40, always, nb, normal", "", True),
        (("help", "lines", "call"), "Hjelpetelefonen, Mental Helse", "116 123", "116 124", True),
        (("help", "lines", "checked on"), "Hjelpetelefonen, Mental Helse", "", "2026-02-01", False),
        (("help", "lines"), "SOS", "", "talk, 22 40 00 40, always, nb, normal", True),
        (("statements", "no consequence", "signed on"), "", "2026-01-31", "2026-02-01", True),
    ]
    assert differences(REAL, REAL) == []


def test_another_order_is_a_difference() -> None:
    parts = REAL.split("    - name: ")
    first, second = parts[1], parts[2]
    turned = REAL.replace(first, "@").replace(second, first).replace("@", second)
    (found,) = differences(REAL, turned)
    assert found == Difference(("help", "lines"), "", found.now, found.now)
    assert found.now.startswith("Kirkens SOS, Hjelpetelefonen")
