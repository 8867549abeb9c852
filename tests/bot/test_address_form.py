"""Words for women and men: a person reads those that they chose, and everybody else reads the neutral ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import update as change

from bot.catalogs import Catalogs, forms
from bot.catalogs.checking import check
from bot.catalogs.comparing import of_entry
from bot.catalogs.entering import put
from bot.catalogs.language import language
from bot.catalogs.lengths import too_long
from bot.catalogs.po import Entry
from bot.catalogs.states import Mark, State
from bot.catalogs.translating import extract, update
from bot.config import LOCALES, Settings
from bot.messages import Outbound, Tap
from bot.timetable import Timetable
from storage import schema
from tests.bot import real_chat
from tests.bot.digest_samples import plain
from tests.bot.own_page import own_page
from tests.bot.page_forms import Seen
from tests.bot.staff_pages import fetched
from tests.bot.turn_world import Person, TurnWorld, catalogs, shipped

UNSURE = {"woman": "لست متأكدة", "man": "لست متأكدًا", "neutral": "لست على يقين"}
"""An answer of the check-in about the workplace."""
ASKED = {
    "woman": "ماذا تريدين أن تفعلي هناك؟",
    "man": "ماذا تريد أن تفعل هناك؟",
    "neutral": "ما رغبتك بشأن العمل هناك؟",
}
CHOOSING = {"woman": "اختاري", "man": "اختر", "neutral": "اختيار"}
"""The first word above the lines that can be shared."""
FORMS = pytest.mark.parametrize("form", forms.FORMS)


async def somebody(world: TurnWorld, form: str, code: str = "ar") -> Person:
    """Who chose a form, unless it is the neutral one."""
    one = await world.person("نور", code, "N.")
    if form != forms.NEUTRAL:
        world.holding("address_form")
        await one.says("start")
        await one.chooses(form)
    return one


async def asked_about_work(world: TurnWorld, one: Person) -> Outbound:
    """The question in the second check-in about a workplace whose words differ."""
    world.holding("workplace")
    await one.says("start")
    await one.skips_to("place")
    await one.says("المخبز")
    await one.skips_all()
    world.clock.forward(days=7)
    await one.says("start")
    await one.skips_to("go_on")
    return one.waits


async def staff_read(world: TurnWorld, one: Person) -> str:
    """Every page about somebody that their specialist has, in Arabic."""
    reads = change(schema.staff).values(language="ar")
    await world.database.write(lambda conn: conn.execute(reads) and None)
    world.clock.forward(hours=2)
    pages = await fetched(world, world.specialist, ["/digest", "/people", f"/people/{one.id}"])
    return "\n".join(plain(Seen(html.decode()).words) for _, _, html in pages.values())


# In turns -------------------------------------------------------------------------------------------------------------


@FORMS
async def test_who_chose_reads_the_words_that_they_chose(world: TurnWorld, form: str) -> None:
    asked = await asked_about_work(world, await somebody(world, form))
    assert asked.text == ASKED[form]
    assert {button.tap.choices[0]: button.label for button in asked.buttons}["unsure"] == UNSURE[form]


@FORMS
async def test_the_specialist_reads_the_neutral_words(world: TurnWorld, form: str) -> None:
    one = await somebody(world, form)
    await asked_about_work(world, one)
    await one.chooses("unsure")
    await one.skips_to("sharing")
    (line,) = one.waits.lines
    assert (line.id, line.value) == ("workplace/go_on", UNSURE[form])
    await one.presses("share_choose")
    assert one.waits.text.startswith(CHOOSING[form])
    await one.taps(Tap(one.waits.conversation, one.waits.step, "share_lines", (line.id,)))
    read = await staff_read(world, one)
    assert UNSURE["neutral"] in read
    assert not [word for each in ("woman", "man") for word in (UNSURE[each], ASKED[each]) if word in read]


@FORMS
@pytest.mark.parametrize("typed", UNSURE.values())
async def test_a_typed_answer_is_understood_in_every_form(world: TurnWorld, form: str, typed: str) -> None:
    one = await somebody(world, form)
    await asked_about_work(world, one)
    await one.says(typed)
    assert (await one.answered())["go_on"] == "unsure"


async def test_the_next_words_are_the_chosen_ones_already(world: TurnWorld) -> None:
    """The choice is made in one conversation, and counts in it at once."""
    source = (
        "dialogue: mixed\nlanguage: en\n\nsteps:\n\n"
        "  form:\n    ask: |\n      Which words?\n    answer: one of\n    options:\n"
        "      woman: As to a woman\n      man: As to a man\n    tags: choice:form\n\n"
        "  after:\n    say: |\n      You are here.\n"
    )
    texts = {
        "mixed/form": "أي كلمات؟",
        "mixed/form/woman": "بصيغة المؤنث",
        "mixed/form/man": "بصيغة المذكر",
        "mixed/after": "أنت {form|موجودة|موجود|حاضر الآن} هنا.",
    }
    english = {context: f"English {context}" for context in texts}
    await world.publish("mixed", source, {"en": english, "ar": texts})
    world.holding("mixed")
    one = await world.person("نور", "ar")
    await one.says("start")
    told = await one.chooses("woman")
    assert "أنت موجودة هنا." in [message.text for message in told]


async def test_a_language_without_such_words_leaves_the_plan_closed(
    world: TurnWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []

    def form(table: Timetable) -> str:
        opened.append(table.id)
        return forms.NEUTRAL

    monkeypatch.setattr(Timetable, "form", property(form))
    english, arabic = await world.person(), await world.person("نور", "ar")
    await asked_about_work(world, english)
    assert opened == []
    await asked_about_work(world, arabic)
    assert set(opened) == {arabic.id}


# Where the question is asked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "is_asked"), [("ar", True), ("en", False), ("uk", False)])
async def test_it_is_asked_only_in_a_language_that_has_such_words(world: TurnWorld, code: str, is_asked: bool) -> None:
    world.programme = replace(
        world.programme, at_work="", later=("address_form",), now_and_then=(), any_time=("address_form", "goal")
    )
    world.turns = world.another_turns()
    one = await world.person("Nour", code)
    menu = (await one.taps(Tap(0, "", "menu")))[0]
    assert [button.tap.choices[0] for button in menu.buttons] == ["address_form"] * is_asked + ["goal"]
    await one.onboards()
    await one.says("start")
    await one.skips_all()
    assert ("address_form" in dict(await one.conversations())) is is_asked


async def test_the_page_of_settings_has_it_only_there(tmp_path: Path) -> None:
    async with own_page(tmp_path) as page:
        titles = {code: catalogs().script_texts(shipped().scripts["address_form"], code) for code in ("en", "ar")}
        assert (titles["en"] or {})["address_form.title"] not in await page.look("settings")
        await page.person.taps(Tap(0, "", "language", ("ar",)))
        assert (titles["ar"] or {})["address_form.title"] in await page.look("settings")


# On the person's own pages --------------------------------------------------------------------------------------------


@FORMS
async def test_the_persons_own_page_has_their_words(tmp_path: Path, form: str) -> None:
    async with own_page(tmp_path) as page:
        one = page.person
        await one.taps(Tap(0, "", "language", ("ar",)))
        if form != forms.NEUTRAL:
            await page.opens("address_form")
            await one.chooses(form)
        await asked_about_work(page.world, one)
        await one.chooses("unsure")
        await one.skips_to("sharing")
        await one.presses("share_all")
        sent = await page.look("sent")
        assert [each for each, word in UNSURE.items() if word in sent] == [form]


@FORMS
async def test_the_pages_own_texts_are_in_their_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    said = {"woman": "أرسلي", "man": "أرسل", "neutral": "إرسال"}
    send = f"{{form|{'|'.join(said.values())}}}"
    locales = tmp_path / "locales"
    copytree(LOCALES, locales)
    entered(locales, "ar", **{"ui/page.send": send, "ui/me.title": f"{send} هنا"})
    monkeypatch.setattr(real_chat, "Settings", partial(Settings, locales=locales))
    async with own_page(tmp_path) as page:
        one = page.person
        one.turns = page.site.parts.turns
        await one.taps(Tap(0, "", "language", ("ar",)))
        await page.opens("address_form")
        await one.chooses(form)
        await page.opens("goal")
        for address in ("/chat", "/me"):
            await page.phone.get(address)
            words = page.phone.page.words.split()
            assert {each for each, word in said.items() if word in words} == {form}, address


# In the catalogues ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "woman", "man", "neutral"),
    [
        ("As it is", "As it is", "As it is", "As it is"),
        ("{form|a|b|c}", "a", "b", "c"),
        ("x {form|a||c} y {form|d|e|f}.", "x a y d.", "x  y e.", "x c y f."),
        ("{form|a {name}|{name} b|c {name}}", "a {name}", "{name} b", "c {name}"),
        ("{form|a\nb|c|d}", "a\nb", "c", "d"),
        ("{form|a|b}", "{form|a|b}", "{form|a|b}", "{form|a|b}"),
    ],
)
def test_a_text_in_each_form(text: str, woman: str, man: str, neutral: str) -> None:
    assert [forms.in_form(text, form) for form in forms.FORMS] == [woman, man, neutral]


FINDINGS = [
    ("Hello {name}", "Hei {form|du {name}|deg {name}|dere {name}}", ""),
    ("Hello {name}", "Hei {form|du|deg|dere} {name}", ""),
    ("Hello", "Hei {form|du|deg}", "three parts"),
    ("Hello", "Hei {form|du|deg|dere|de}", "three parts"),
    ("Hello", "Hei {form|du|deg|dere", "three parts"),
    ("Hello {name}", "Hei {form|du {name}|deg {name}}", "three parts"),
    ("Hello", "Hei { Form |du|deg|dere}", "three parts"),
    ("Hello {name}", "Hei {form|{name}|deg|{name}}", "same placeholders"),
    ("Hello {name}", "Hei {form|{name}|deg|{name}}", "{name} is lost"),
    ("Hello", "Hei {form|{name}|{name}|{name}}", "{name} is not in the source"),
    ("In 24 hours", "Om {form|24|et|24} timer", "24 is lost"),
    ("Hello", "Hei {form|du!|deg|dere}", "exclamation mark"),
    ("Hello", "{form||deg|dere}", "nothing is left"),
]


@pytest.mark.parametrize(("source", "text", "says"), FINDINGS)
def test_what_is_wrong_with_variants_is_found(source: str, text: str, says: str) -> None:
    found = " ".join(f"{what} {remedy}" for what, remedy in of_entry(Entry("x", (source,), (text,)), language("nb")))
    assert (says in found) if says else not found, found


def test_a_finding_of_all_three_is_said_once() -> None:
    found = list(of_entry(Entry("x", ("Hello",), ("Hei {form|du|deg|dere}!",)), language("nb")))
    assert len(found) == 1


def test_a_button_has_room_for_each_variant_alone() -> None:
    def found(woman: str) -> bool:
        return bool(list(too_long(Entry("visit/how/good", ("Good",), (f"{{form|{woman}|{'b' * 50}|{'c' * 50}}}",)))))

    assert not found("a" * 60)
    assert found("a" * 61)


WORDING: dict[str, str | tuple[str, str]] = {
    "ui/skip": "Skip",
    "ui/command.stop": "stop",
    "ui/left": ("{n} question", "{n} questions"),
}
SCRIPT = """\
dialogue: visit
language: en

steps:

  how:
    ask: |
      How was it?
    answer: one of
    options:
      good: It was good
      bad: It was bad
"""
NB: dict[str, str | list[str]] = {
    "ui/skip": "{form|Hopp, hun|Hopp, han|Hopp over}",
    "ui/command.stop": "stans",
    "ui/left": ["{n} {form|hennes|hans|svar}", "{n} {form|hennes|hans|svar} til"],
    "visit/how": "Hvordan var det?",
    "visit/how/good": "Bra",
    "visit/how/bad": "Ikke bra",
}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    scripts, locales = tmp_path / "scripts", tmp_path / "locales"
    scripts.mkdir()
    (scripts / "visit.yaml").write_text(SCRIPT)
    extract(scripts, locales, wording=WORDING)
    update(locales, ["nb"])
    entered(locales, "nb", **NB)
    return scripts, locales


def entered(locales: Path, code: str, /, **texts: str | list[str]) -> None:
    put(locales, code, texts, Mark(State.MACHINE_DRAFT, "test", date(2026, 11, 22)))


def loaded(locales: Path) -> Catalogs:
    return Catalogs.load(locales, allow_drafts=True, wording=WORDING)


def test_the_wording_and_its_plurals_are_there_in_every_form(folders: tuple[Path, Path]) -> None:
    assert check(*folders, wording=WORDING) == []
    found = loaded(folders[1])
    said = {
        form: (found.in_form(form).ui("nb")["ui/skip"], found.in_form(form).count("nb", "ui/left", 1))
        for form in forms.FORMS
    }
    assert said == {
        "woman": ("Hopp, hun", "{n} hennes"),
        "man": ("Hopp, han", "{n} hans"),
        "neutral": ("Hopp over", "{n} svar"),
    }
    assert (found.varies("nb"), found.varies("en")) == (True, False)
    assert found.in_form("nothing like that") is found


@pytest.mark.parametrize("broken", ["{form|Hopp|Hopp over}", "{form|{name}|Hopp|Hopp over}", "{form||Hopp|Hopp over}"])
def test_a_language_with_broken_words_is_not_offered(folders: tuple[Path, Path], broken: str) -> None:
    assert "nb" in loaded(folders[1]).languages
    entered(folders[1], "nb", **{"ui/skip": broken})
    assert "nb" not in loaded(folders[1]).languages


def test_an_answer_may_not_be_a_command_or_another_answer_in_any_form(folders: tuple[Path, Path]) -> None:
    entered(
        folders[1], "nb", **{"visit/how/good": "{form|stans|fint|bra}", "visit/how/bad": "{form|fint|dårlig|slett}"}
    )
    what = [finding.what for finding in check(*folders, wording=WORDING)]
    assert [each for each in what if "is also the command stop" in each]
    assert [each for each in what if "is also the text of visit/how/good" in each]


def test_a_source_has_no_such_words(folders: tuple[Path, Path]) -> None:
    wording = {**WORDING, "ui/skip": "{form|Skip|Skip it|Skip this}"}
    extract(*folders, wording=wording)
    assert [each.context for each in check(*folders, wording=wording) if "A source has words" in each.what] == [
        "ui/skip"
    ]
    (folders[0] / "visit.yaml").write_text(SCRIPT.replace("How was it?", "{form|How|And how|So how} was it?"))
    assert [each for each in check(*folders, wording=WORDING) if "MV009" in each.what]
