"""The words people read are plain, free of duty and praise, and say nothing against anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from bot.catalogs import forms, po
from bot.catalogs.files import languages_in
from bot.config import LOCALES
from bot.plain import avoid, common, measures
from bot.plain.measures import sentences, words
from bot.plain.remarks import remarks
from bot.wording import WORDING
from dialogues import engine, loader, outline, texts
from dialogues.answers import chosen, option_names
from dialogues.engine import Skip
from dialogues.model import AnswerKind, Ask, Script, Share
from dialogues.session import Answer, Session

ROOT = Path(__file__).parents[2]
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "dialogues/scripts").glob("*.yaml")}
SCRIPTS = {name: loader.load(text, SOURCES) for name, text in SOURCES.items()}
TRANSLATED = tuple(languages_in(LOCALES))


def of_scripts() -> dict[str, str]:
    return {text.context: text.text for script in SCRIPTS.values() for text in texts.texts_of(script)}


def of_wording() -> dict[str, str]:
    return {
        f"{context}[{form}]" if form else context: text
        for context, forms in WORDING.items()
        for form, text in enumerate((forms,) if isinstance(forms, str) else forms)
    }


def translated(language: str) -> dict[str, str]:
    file = po.read(ROOT / "locales" / language / "LC_MESSAGES" / "messages.po")
    return {
        f"{entry.context}[{form}]" if form else entry.context: text
        for entry in file.live
        for form, text in enumerate(entry.texts)
        if text
    }


def every_text() -> Iterator[tuple[str, str, str]]:
    """Everything that can be read. A text with words for women and men reads as each of them does, and as neither."""
    for context, text in {**of_scripts(), **of_wording()}.items():
        yield "en", context, text
    for language in TRANSLATED:
        for context, text in translated(language).items():
            for said in forms.variants(text):
                yield language, context, said


def is_for_participants(context: str) -> bool:
    return not context.startswith("staff/")


def test_no_duty_praise_or_judgement_in_any_language() -> None:
    assert {"en", *(language.partition("_")[0] for language in TRANSLATED)} <= set(avoid.languages())
    kinds = [kind for kind in avoid.KINDS if kind != "gendered"]
    wrong = [
        (language, context, hit)
        for language, context, text in every_text()
        for hit in avoid.found_in(text, language, kinds)
    ]
    assert wrong == []


def test_who_chose_no_form_of_address_is_spoken_to_as_anybody() -> None:
    wrong = [
        (language, context, hit)
        for language in TRANSLATED
        for context, text in translated(language).items()
        for hit in avoid.found_in(forms.in_form(text, forms.NEUTRAL), language, ["gendered"])
    ]
    assert wrong == []


def test_the_shipped_scripts_are_plain() -> None:
    assert [str(remark) for name, script in SCRIPTS.items() for remark in remarks(script, f"{name}.yaml")] == []


@pytest.mark.parametrize(("kind", "least"), [("ui/", 0.97), ("staff/", 0.93)])
def test_medvind_says_nearly_everything_in_common_words(kind: str, least: float) -> None:
    """Staff pages have words of their own, such as "pseudonym", that each have one meaning."""
    said = [text for context, text in of_wording().items() if context.startswith(kind)]
    assert common.share(said) >= least, common.uncommon(said)


def test_norwegian_says_du() -> None:
    """The polite "De" is a plural "they" at the beginning of a sentence, and distance anywhere else."""
    polite = re.compile(r"(?<=[^.?:\n] )(?:De|Dem|Deres)\b")
    assert [context for context, text in translated("nb").items() if polite.search(text)] == []


def test_nobody_is_shouted_at() -> None:
    assert [(language, context) for language, context, text in every_text() if re.search("[!！¡]", text)] == []


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
def test_sentences_for_participants_are_short_in_every_language(language: str) -> None:
    texts_in = [(c, t) for spoken, c, t in every_text() if spoken == language and is_for_participants(c)]
    longest = measures.longest(language)
    assert [(c, s) for c, t in texts_in for s in sentences(t) if len(words(s)) > longest] == []


def test_the_norwegian_for_participants_is_very_easy_to_read() -> None:
    shown = of_scripts()
    spoken = [text for context, text in translated("nb").items() if context in shown and len(words(text)) > 4]
    assert measures.lix(spoken) <= measures.HARDEST


def test_answers_are_words_that_need_no_gender_or_duty() -> None:
    """An option is a noun, an adverb or a plain yes or no: a few words that stand without a person."""
    options = [
        option.text
        for script in SCRIPTS.values()
        for step in script.steps
        if isinstance(step, Ask)
        for option in step.options
    ]
    assert [text for text in options if len(words(text)) > 8 or text.endswith((".", "?"))] == []
    assert [text for text in options if re.match(r"(?i)i('m| am| feel| was| did| have)\b", text)] == []


def test_arabic_keeps_to_its_own_signs() -> None:
    wrong = [
        (context, text)
        for context, text in translated("ar").items()
        if re.search(r"[\u0660-\u0669\u06f0-\u06f9,;?\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]", text)
    ]
    assert wrong == []


# How long it takes -----------------------------------------------------------------------------------------------


def ways_on(script: Script, session: Session) -> Iterator[engine.Input]:
    """Every single tap that the step which waits can be answered with, and the skip."""
    step = script.step(session.waiting)
    if not isinstance(step, Ask) or step.kind in (AnswerKind.TEXT, AnswerKind.OK):
        yield Skip()
        return
    names = [str(n) for n in range(1, 6)] if step.kind is AnswerKind.SCALE else option_names(step, session)
    yield from (chosen(step, session, (name,)) for name in names)
    yield Skip()


def longest_taps(script: Script, session: Session) -> int:
    """Taps to the end of a conversation, on the way with the most of them."""
    if session.closed:
        return 0
    return 1 + max(longest_taps(script, engine.play(script, session, way)[0]) for way in ways_on(script, session))


def test_the_first_check_in_question_is_at_most_ten_answers_away() -> None:
    onboarding, weekly = SCRIPTS["onboarding"], SCRIPTS["weekly_checkin"]
    language, start = 1, 1
    taps = longest_taps(onboarding, engine.start(onboarding)[0])
    first, _ = engine.start(weekly, {"situation": Answer(choices=("job",))})
    assert weekly.step(first.waiting).key == "weekly_checkin/week"
    assert taps <= 8
    assert language + taps + start <= 10


def test_no_two_walls_of_text_stand_between_taps() -> None:
    """At most two bubbles come before something waits, and none of them is long."""
    for script in SCRIPTS.values():
        assert [t.context for t in texts.texts_of(script) if len(words(t.text)) > 45] == []
    kinds = [isinstance(step, Ask) for step in SCRIPTS["onboarding"].steps if not step.guards]
    assert all(one or other for one, other in pairwise(kinds))


def test_nothing_of_the_first_conversation_can_be_shared() -> None:
    assert [step for step in SCRIPTS["onboarding"].steps if isinstance(step, Share)] == []
    offered = [key for s in SCRIPTS.values() for step in s.steps if isinstance(step, Share) for key in step.offer]
    assert [key for key in offered if key.startswith("onboarding/")] == []


def test_who_says_no_is_asked_nothing_more() -> None:
    script = SCRIPTS["onboarding"]
    for answer in ("later", "no"):
        session, _ = engine.start(script)
        while session.waiting != "onboarding/taking_part":
            session, _ = engine.play(script, session, next(ways_on(script, session)))
        session, _ = engine.play(script, session, Answer(choices=(answer,)))
        assert session.closed
        assert not {"situation/work_now", "topics/may_ask", "sharing_choice/way"} & session.done.keys()


def test_the_weekly_check_in_asks_at_most_seven_questions() -> None:
    assert outline.longest_path(SCRIPTS["weekly_checkin"]) <= 7


REMEMBERED: list[Mapping[str, Answer]] = [
    {},
    {"situation": Answer(choices=("job",)), "last_step": Answer(words="Call the shop")},
    {"situation": Answer(choices=("trial",)), "last_step": Answer(words="Call"), "week_before": Answer(number=1)},
]


@pytest.mark.parametrize("remembered", REMEMBERED)
@pytest.mark.parametrize("resting", [(), ("next_step",), ("more_sure",), ("next_step", "more_sure")])
def test_no_week_takes_more_than_seven(remembered: Mapping[str, Answer], resting: tuple[str, ...]) -> None:
    """Unsure of everything, with all kinds of hard things: still seven, and the last one is about something good."""
    script = SCRIPTS["weekly_checkin"]
    session, _ = engine.start(script, remembered, frozenset(f"weekly_checkin/{name}" for name in resting))
    asked: list[str] = []
    while isinstance(step := script.step(session.waiting), Ask):
        asked.append(step.key)
        given = Answer(words="Call") if step.kind is AnswerKind.TEXT else chosen(step, session, _worst(step, session))
        session, _ = engine.play(script, session, given)
    assert len(asked) <= 7
    assert asked[0] == "weekly_checkin/week"
    assert asked[-1] == "weekly_checkin/good"


def _worst(step: Ask, session: Session) -> list[str]:
    if step.kind is AnswerKind.SCALE:
        return ["1"]
    return [name for name in option_names(step, session) if name not in step.alone][: step.most or 99]


def test_outside_work_is_never_ticked_by_share_all() -> None:
    script = SCRIPTS["weekly_checkin"]
    session, _ = engine.start(script)
    while isinstance(step := script.step(session.waiting), Ask):
        given = {"hard": ("work", "outside"), "what_hard": ("noise", "sleep")}.get(step.key.split("/")[1], ())
        session, _ = engine.play(script, session, chosen(step, session, given) if given else Skip())
    assert isinstance(step, Share)
    lines = {line.id: line.private for line in engine.lines_offered(script, step, session)}
    assert lines == {"weekly_checkin/what_hard|work": False, "weekly_checkin/what_hard|outside": True}
    session, events = engine.play(script, session, engine.ShareAll())
    assert [line.id for event in events if hasattr(event, "lines") for line in event.lines] == [
        "weekly_checkin/what_hard|work"
    ]


def test_who_had_two_very_hard_weeks_sees_where_help_is() -> None:
    script = SCRIPTS["weekly_checkin"]
    for before, shown in ((1, True), (2, False)):
        session, _ = engine.start(script, {"week_before": Answer(number=before)})
        session, _ = engine.play(script, session, Answer(number=1))
        assert ("weekly_checkin/not_alone" in session.done) is shown
