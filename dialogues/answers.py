"""Answers: what a person sent -> an input of the engine, or why it fits no answer.

A person may tap, type the text of an option in any language, its number in any script's digits, or the beginning of
its text as long as only one option begins so. What the options are called comes in as a ``Vocabulary``, because this
room knows no language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from dialogues.engine import Input, Misunderstood, options_shown
from dialogues.events import Reason
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer, Session

_SAME = str.maketrans(
    {"\u0640": "", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647", "\u06a9": "\u0643", "\u02bc": "'"}
)
"""Arabic letters that keyboards and habits write for one another (alef maqsura and yeh, teh marbuta and heh, the kafs),
tatweel, which draws a word out and means nothing, and the letter that looks like an apostrophe in Ukrainian words."""
LONGEST_WORDS = 12_300
"""Characters of one answer in free text that are kept whole: three of the longest messages in messengers (4096)."""

_SEPARATORS = r"[,;،؛、\n/+&]"
_MARKS = re.compile(r"([\u0300-\u036f\u0483-\u0489]{3})[\u0300-\u036f\u0483-\u0489]+")
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f]")
"""Letters and marks by their category, but nothing of them is seen: fillers, joiners, variation selectors."""
_DATES = (
    re.compile(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[-./ ](?P<m>\d{1,2})[-./ ](?P<y>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the options of one question are called: option -> its texts, the person's own language first. For scales
    the option is the number as text. ``joins`` are the words that join two options in a sentence, with their spaces
    (`` and ``): those of each language together, the person's own first."""

    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joins: tuple[tuple[str, ...], ...] = ()


def understand(step: Ask, session: Session, text: str, vocabulary: Vocabulary) -> Input:
    """The answer that typed ``text`` gives to ``step``, or why it gives none."""
    text = clean(text)
    if not text:
        return Misunderstood(Reason.EMPTY)
    if len(text) > LONGEST_WORDS:
        return Misunderstood(Reason.TOO_LONG, (str(LONGEST_WORDS),))
    match step.kind:
        case AnswerKind.OK:
            return Answer(choices=("ok",))
        case AnswerKind.TEXT | AnswerKind.VOICE_OR_TEXT:
            return Answer(words=text)
        case AnswerKind.NUMBER:
            return _number(text)
        case AnswerKind.DATE:
            return _date(text)
        case AnswerKind.SCALE:
            return _point(step, text, vocabulary)
        case AnswerKind.ONE_OF | AnswerKind.YES_OR_NO | AnswerKind.ANY_OF:
            return _options(step, session, text, vocabulary)


def chosen(step: Ask, session: Session, choices: Iterable[str], words: str = "") -> Input:
    """The answer that tapped or ticked ``choices`` (and ``words`` written beside them) give, or why they give none."""
    choices = tuple(dict.fromkeys(choices))
    words = clean(words)
    if len(words) > LONGEST_WORDS:
        return Misunderstood(Reason.TOO_LONG, (str(LONGEST_WORDS),))
    match step.kind:
        case AnswerKind.OK:
            return Answer(choices=("ok",))
        case AnswerKind.SCALE:
            return _on_scale(step, choices[0]) if len(choices) == 1 else Misunderstood(Reason.ONLY_ONE)
        case AnswerKind.ONE_OF | AnswerKind.YES_OR_NO | AnswerKind.ANY_OF:
            return _combined(step, session, choices, words)
        case _:
            return understand(step, session, words, Vocabulary())


def option_names(step: Ask, session: Session) -> tuple[str, ...]:
    """The options this person is shown, in the order in which they are numbered from 1."""
    if step.kind is AnswerKind.YES_OR_NO:
        return ("yes", "no")
    if not step.hides_options:
        return step.names
    return tuple(option.name for option in options_shown(step, session))


def clean(text: str) -> str:
    """Text as it is kept: NFC, without NUL, lone surrogates and invisible edges, at most three marks on a letter.

    A person's bidi marks stay: they are part of what was written, and every place that shows it isolates it.
    """
    if not text:
        return text
    text = text.replace("\0", "")
    if not text.isascii():
        text = unicodedata.normalize("NFC", _MARKS.sub(r"\1", text.encode("utf-8", "ignore").decode("utf-8")))
    text = text.strip()
    return text if any(map(_is_seen, text)) else ""


def _is_seen(letter: str) -> bool:
    """Whether a letter leaves a mark on the page, alone or with its neighbours."""
    return unicodedata.category(letter) not in ("Cf", "Cc", "Zs", "Zl", "Zp") and not _UNSEEN.fullmatch(letter)


def fold(text: str) -> str:
    """Text as it is compared: without case, accents, vowel marks, punctuation, and with every digit as 0-9."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_SAME)
    kept = (_digit(letter) for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^\w]+|_", " ", "".join(kept)).strip()


folded = lru_cache(maxsize=16_384)(fold)
"""For what options and commands are called, never for what people write: that is kept nowhere but in the database."""


def _figures(text: str) -> str:
    """What was written as a number or a date: with the digits 0-9, and without the invisible marks around it."""
    return "".join(_digit(letter) for letter in text if unicodedata.category(letter) != "Cf").strip()


def _digit(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)


def _number(text: str) -> Input:
    plain = _figures(text).replace(" ", "").replace("\u066b", ".").replace(",", ".")
    if not re.fullmatch(r"[-+\u2212]?\d{1,15}(\.\d{1,6})?", plain):
        return Misunderstood(Reason.NOT_A_NUMBER)
    value = float(plain.replace("\u2212", "-"))
    return Answer(number=int(value) if value.is_integer() else value)


def _date(text: str) -> Input:
    plain = _figures(text)
    for pattern in _DATES:
        if found := pattern.fullmatch(plain):
            try:
                day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
            return Answer(day=day.isoformat())
    return Misunderstood(Reason.NOT_A_DATE)


def _point(step: Ask, text: str, vocabulary: Vocabulary) -> Input:
    assert step.scale is not None, "a scale question has a scale"
    plain = fold(text)
    if re.fullmatch(r"\d+", plain):
        return _on_scale(step, f"-{plain}" if _figures(text)[:1] in ("-", "\u2212") else plain)
    found = _named(plain, vocabulary, vocabulary.labels)
    if len(found) == 1:
        return Answer(number=int(found[0]))
    if found:
        return Misunderstood(Reason.SEVERAL_MATCH, found)
    return Misunderstood(Reason.OUT_OF_RANGE, (str(step.scale.low), str(step.scale.high)))


def _on_scale(step: Ask, digits: str) -> Input:
    assert step.scale is not None, "a scale question has a scale"
    low, high = step.scale.low, step.scale.high
    if digits.isdecimal() and len(digits) < 5 and low <= int(digits) <= high:
        return Answer(number=int(digits))
    return Misunderstood(Reason.OUT_OF_RANGE, (str(low), str(high)))


def _options(step: Ask, session: Session, text: str, vocabulary: Vocabulary) -> Input:
    """Typed text for a question with options: the whole text names one, or its parts name several.

    It is taken apart at signs, then also at one language's joining words, never at those of all together: what joins
    in one language (Polish "i") is a word of the option itself in another ("Help I want").
    """
    names = option_names(step, session)
    whole = _heard(text, names, vocabulary)
    if len(whole) == 1:
        return _combined(step, session, whole, "")
    for parts in filter(None, (_parts(text, joins) for joins in ((), *vocabulary.joins))):
        heard = [_heard(part, names, vocabulary) for part in parts]
        if all(len(found) == 1 for found in heard):
            return _combined(step, session, tuple(dict.fromkeys(found[0] for found in heard)), "")
        if all(part.isdecimal() for part in parts):
            return Misunderstood(Reason.OUT_OF_RANGE, ("1", str(len(names))))
    if step.own_words:
        return Answer(words=text)
    return Misunderstood(Reason.SEVERAL_MATCH, whole) if whole else Misunderstood(Reason.NOT_AN_OPTION)


def _parts(text: str, joins: tuple[str, ...]) -> list[str]:
    """A typed list taken apart at commas and joining words; numbers also at spaces."""
    between = _between(joins)
    parts = [part for part in (piece.strip() for piece in between.split(text)) if part]
    if all(fold(part).replace(" ", "").isdecimal() for part in parts):
        return [digits for part in parts for digits in fold(part).split()]
    return parts


@lru_cache(maxsize=64)
def _between(joins: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join((_SEPARATORS, *map(re.escape, joins))), re.IGNORECASE)


def _heard(text: str, names: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The options that one piece of text may mean: by number, whole text, or beginning."""
    plain = fold(text)
    if plain.isdecimal():
        return (names[int(plain) - 1],) if len(plain) < 4 and 1 <= int(plain) <= len(names) else ()
    return _named(plain, vocabulary, names)


def _named(plain: str, vocabulary: Vocabulary, names: Iterable[str]) -> tuple[str, ...]:
    """Whole texts before beginnings, and the person's own language before the others."""
    if not plain:
        return ()
    labels = [(name, tuple(map(folded, vocabulary.labels.get(name, ())))) for name in names]
    for matching in (
        [name for name, texts in labels if texts[:1] == (plain,)],
        [name for name, texts in labels if plain in texts],
        [name for name, texts in labels if texts and texts[0].startswith(plain)],
        [name for name, texts in labels if any(text.startswith(plain) for text in texts)],
    ):
        if matching:
            return tuple(matching)
    return ()


def _combined(step: Ask, session: Session, choices: tuple[str, ...], words: str) -> Input:
    """Whether these options may stand together as one answer."""
    words = words if step.own_words else ""
    if not choices and not words:
        return Misunderstood(Reason.EMPTY)
    known = option_names(step, session)
    if any(choice not in known for choice in choices):
        return Misunderstood(Reason.NOT_AN_OPTION)
    count = len(choices) + bool(words)
    if step.kind is not AnswerKind.ANY_OF and count > 1:
        return Misunderstood(Reason.ONLY_ONE)
    if count > 1 and (lonely := [choice for choice in choices if choice in step.alone]):
        return Misunderstood(Reason.ALONE, tuple(lonely[:1]))
    if step.most is not None and count > step.most:
        return Misunderstood(Reason.TOO_MANY, (str(step.most),))
    return Answer(choices=choices, words=words)
