"""The words people read are plain, free of duty and praise, and say nothing against anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest

from bot.catalogs import po
from bot.wording import WORDING
from dialogues import engine, loader, outline, texts
from dialogues.answers import chosen, option_names
from dialogues.engine import Skip
from dialogues.model import AnswerKind, Ask, Script, Share
from dialogues.session import Answer, Session

ROOT = Path(__file__).parents[2]
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "dialogues/scripts").glob("*.yaml")}
SCRIPTS = {name: loader.load(text, SOURCES) for name, text in SOURCES.items()}
TRANSLATED = ("nb", "ar", "uk")

# Duty, activity and reward have no place in a voluntary check-in, and some words about people carry a judgement
# that follows them. The lists hold whole words and phrases, in lower case.
NO_DUTY = {
    "en": "should|must|need to|needs to|remember|required|compulsory|mandatory|task|tasks|homework|duty|obliged",
    "nb": "du må|du bør|du skal|husk|husk å|plikt|obligatorisk|kreves|lekse|lekser|oppgave|oppgaver|aktivitetsplikt",
    "ar": "يجب|ينبغي|عليك أن|واجب|واجبات|إلزامي|إجباري|تذكر|تذكري|لا تنس|مطلوب منك|مهمة منزلية",
    "uk": (
        "повинні|мусите|маєте|треба|потрібно|необхідно|(?<!не )обов’язково|обов’язок|пам’ятайте|не забудьте|завдання|"
        "вимагається|слід"
    ),
}
NO_PRAISE = {
    "en": "well done|good job|great|congratulations|excellent|proud of you|bravo|keep it up",
    "nb": "bra jobbet|flink|flott|gratulerer|utmerket|kjempebra|stå på|bravo",
    "ar": "أحسنت|ممتاز|رائع|برافو|تهانينا|مبروك|عمل جيد",
    "uk": "молодець|чудово|відмінно|браво|так тримати",
}
NO_JUDGEMENT = {
    "en": (
        "unmotivated|resistant|unrealistic|failed|fails|failure|refused|refuses|not ready|compliant|non-compliant|"
        "hard-to-place|case|cases|missed|late|overdue|at risk|getting worse|declining|low performer|ignored"
    ),
    "nb": (
        "umotivert|motstand|urealistisk|mislyktes|mislykket|feilet|nekter|nektet|ikke klar|sak|saker|forsinket|"
        "gikk glipp av|forsømt|klient|klienter|bruker|brukere|brukeren|i risiko|utsatt"
    ),
    "ar": "فشل|فاشل|رفض|يرفض|مقاوم|غير واقعي|غير متحمس|متأخر|مهمل|متهاون|حالة صعبة|في خطر التدهور|تقصير",
    "uk": (
        "немотивовані|опір|нереалістично|провал|невдача|відмовляється|прострочено|запізно|під загрозою|погіршення|"
        "клієнт|клієнти|користувач|користувачі"
    ),
}
# What a public letter sounds like. Each of them has an ordinary word beside it.
NO_OFFICIALESE = {
    "en": "in order to|in accordance with|pursuant|hereby|utilise|commence|prior to|regarding|whilst|aforementioned",
    "nb": (
        "vennligst|i henhold til|dersom|herunder|vedrørende|foreligger|ovennevnte|samt|således|såfremt|ift|jf|"
        "vedkommende|i forbindelse med|med hensyn til|iht|angående|benytte|foreta"
    ),
    "ar": "وفقا لأحكام|وفقًا لأحكام|بموجب|المذكور أعلاه|يرجى|الرجاء|نحيطكم علما|آنف الذكر|بناء عليه",
    "uk": "згідно з|відповідно до|здійснювати|щодо|стосовно|у разі|шляхом|даний",
}
# Forms that say whether a woman or a man is spoken to.
NO_GENDER = {
    "ar": (
        "أنتِ|أنتَ|تريد|تريدين|ترغب|ترغبين|هل تحتاج|تستطيع|تستطيعين|اختر|اختاري|اكتب|اكتبي|اضغط|اضغطي|انقر|انقري|"
        "أدخل|حاول|حاولي|تحقق|أرسل|افتح|افتحي|انتظر|شارك|شاركي|ارجع|أغلق|أغلقي|متأكد|متأكدة|واثق|واثقة|مستعد|"
        "مستعدة|عزيزي|عزيزتي|اتصل|اتصلي|اقرأ|اقرئي|جرب|جرّب|اطلب|اطلبي|مشترك|مشتركة"
    ),
}
LISTS = (NO_DUTY, NO_PRAISE, NO_JUDGEMENT, NO_OFFICIALESE, NO_GENDER)

LONGEST_SENTENCE = 18
LONGEST_MEAN = 10
"""Words; what an A2 reader takes in at once, and with a margin what is still plain."""
HARDEST_NORWEGIAN = 25
"""LIX, words a sentence plus the share of words with more than six letters: below 25 is a children's book."""


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!؟…:])\s+|\n+", text.strip()) if re.search(r"\w", part)]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", re.sub(r"{\w+}", "Anna", text))


def lix(some: list[str]) -> float:
    every = [word for text in some for word in words(text)]
    spoken = [sentence for text in some for sentence in sentences(text)]
    return len(every) / len(spoken) + 100 * sum(len(word) > 6 for word in every) / len(every)


def found_in(text: str, phrases: str) -> list[str]:
    return re.findall(rf"(?<!\w)(?:{phrases})(?!\w)", text.lower())


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
    for context, text in {**of_scripts(), **of_wording()}.items():
        yield "en", context, text
    for language in TRANSLATED:
        for context, text in translated(language).items():
            yield language, context, text


def is_for_participants(context: str) -> bool:
    return not context.startswith("staff/")


def test_no_duty_praise_or_judgement_in_any_language() -> None:
    wrong = [
        (language, context, hit)
        for language, context, text in every_text()
        for phrases in LISTS
        for hit in found_in(text, phrases.get(language, "(?!)"))
    ]
    assert wrong == []


def test_norwegian_says_du() -> None:
    """The polite "De" is a plural "they" at the beginning of a sentence, and distance anywhere else."""
    polite = re.compile(r"(?<=[^.?:\n] )(?:De|Dem|Deres)\b")
    assert [context for context, text in translated("nb").items() if polite.search(text)] == []


def test_nobody_is_shouted_at() -> None:
    assert [(language, context) for language, context, text in every_text() if re.search("[!！¡]", text)] == []


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_what_a_script_says_is_short(name: str) -> None:
    spoken = [s for text in texts.texts_of(SCRIPTS[name]) for s in sentences(text.text)]
    assert [s for s in spoken if len(words(s)) > LONGEST_SENTENCE] == []
    assert mean(len(words(s)) for s in spoken) <= LONGEST_MEAN


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
def test_sentences_for_participants_are_short_in_every_language(language: str) -> None:
    texts_in = [(c, t) for spoken, c, t in every_text() if spoken == language and is_for_participants(c)]
    longest = LONGEST_SENTENCE + (2 if language != "en" else 0)
    assert [(c, s) for c, t in texts_in for s in sentences(t) if len(words(s)) > longest] == []


def test_the_norwegian_for_participants_is_very_easy_to_read() -> None:
    shown = of_scripts()
    spoken = [text for context, text in translated("nb").items() if context in shown and len(words(text)) > 4]
    assert lix(spoken) <= HARDEST_NORWEGIAN


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


def test_a_word_list_finds_what_it_is_for() -> None:
    assert found_in("You should not be late.", NO_DUTY["en"]) == ["should"]
    assert found_in("You can come later.", NO_JUDGEMENT["en"]) == []
    assert found_in("Husk at du må svare.", NO_DUTY["nb"]) == ["husk", "du må"]
    assert found_in("يجب الرد", NO_DUTY["ar"]) == ["يجب"]
    assert found_in("Ви маєте відповісти. Це обов’язково.", NO_DUTY["uk"]) == ["маєте", "обов’язково"]
    assert found_in("Вам не обов’язково відповідати.", NO_DUTY["uk"]) == []
    assert sentences("One. Two?\nThree") == ["One.", "Two?", "Three"]


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


def test_the_first_check_in_question_is_at_most_eight_taps_away() -> None:
    onboarding, weekly = SCRIPTS["onboarding"], SCRIPTS["weekly_checkin"]
    language, start = 1, 1
    taps = longest_taps(onboarding, engine.start(onboarding)[0])
    first, _ = engine.start(weekly, {"situation": Answer(choices=("job",))})
    assert weekly.step(first.waiting).key == "weekly_checkin/week"
    assert taps <= 6
    assert language + taps + start <= 8


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
        assert "situation/work_now" not in session.done


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
