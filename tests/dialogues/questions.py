"""Questions of every kind, and what people may say to them."""

from __future__ import annotations

from dialogues.answers import Vocabulary, understand
from dialogues.engine import Input, Misunderstood
from dialogues.events import Reason
from dialogues.model import AnswerKind, Ask, Option, Scale
from dialogues.session import Answer, Session

OPTIONS = ("Work", "Working hours", "At home", "Ærlig talt", "Café")
NAMES = ("work", "hours", "home", "honest", "cafe")


def question(kind: AnswerKind, **more: object) -> Ask:
    options = tuple(Option(name, text) for name, text in zip(NAMES, OPTIONS, strict=True))
    choosing = kind in (AnswerKind.ONE_OF, AnswerKind.ANY_OF)
    return Ask(key="a/b", text="?", kind=kind, options=options if choosing else (), **more)  # type: ignore[arg-type]


ONE = question(AnswerKind.ONE_OF)
ANY = question(AnswerKind.ANY_OF, most=3, alone=frozenset({"cafe"}))
OWN = question(AnswerKind.ANY_OF, own_words=True, most=2, alone=frozenset({"cafe"}))
YES_NO = question(AnswerKind.YES_OR_NO)
SCALE = question(AnswerKind.SCALE, scale=Scale(1, 5))
FROM_ZERO = question(AnswerKind.SCALE, scale=Scale(0, 10))
TEXT, NUMBER, DATE = question(AnswerKind.TEXT), question(AnswerKind.NUMBER), question(AnswerKind.DATE)
VOCABULARY = Vocabulary(
    {
        **{name: (text,) for name, text in zip(NAMES, OPTIONS, strict=True)},
        "yes": ("Ja", "Yes"),
        "no": ("Nei", "No"),
    },
    ((" og ",), (" and ",)),
)
POINTS = Vocabulary({"1": ("Bad",), "2": ("Rather bad",), "3": ("Middle",), "4": ("Rather good",), "5": ("Good",)})


def said(ask: Ask, text: str) -> Input:
    return understand(ask, Session(), text, POINTS if ask.scale else VOCABULARY)


def options(*names: str) -> Answer:
    return Answer(choices=names)


def out_of(low: int, high: int) -> Misunderstood:
    return Misunderstood(Reason.OUT_OF_RANGE, (str(low), str(high)))
