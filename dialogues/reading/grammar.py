"""Grammar: the words of the script format, and its limits. ``docs/scripts.md`` explains every one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogues.model import OWN_WORDS, AnswerKind, Test

TOP_KEYS = (
    "dialogue",
    "title",
    "language",
    "for",
    "remind after",
    "close after",
    "at most",
    "remember",
    "rotate",
    "steps",
)
ROTATION_KEYS = ("choose", "of")
STEP_KINDS = ("say", "ask", "share", "run")

_ALWAYS = ("when", "when any")
_ASK = ("ask", "answer", *_ALWAYS, "for each", "topic", "not again within", "tags")
_SHARED = ("label", "private")

KEYS_OF_STEP: Mapping[str, tuple[str, ...]] = {
    "say": ("say", *_ALWAYS, "for each", "topic", "picture", "tags"),
    "share": ("share", "offer", *_ALWAYS, "topic", "tags"),
    "run": ("run", *_ALWAYS),
}
KEYS_OF_ANSWER: Mapping[AnswerKind, tuple[str, ...]] = {
    AnswerKind.OK: _ASK,
    AnswerKind.TEXT: (*_ASK, *_SHARED),
    AnswerKind.VOICE_OR_TEXT: (*_ASK, *_SHARED),
    AnswerKind.ONE_OF: (*_ASK, *_SHARED, "options", "own words", "picture"),
    AnswerKind.ANY_OF: (*_ASK, *_SHARED, "options", "own words", "groups of", "most", "alone", "picture"),
    AnswerKind.YES_OR_NO: (*_ASK, *_SHARED),
    AnswerKind.SCALE: (*_ASK, *_SHARED, "points", "low", "high", "picture"),
    AnswerKind.NUMBER: (*_ASK, *_SHARED),
    AnswerKind.DATE: (*_ASK, *_SHARED),
}
STEP_KEYS = tuple(dict.fromkeys(key for keys in (*KEYS_OF_STEP.values(), *KEYS_OF_ANSWER.values()) for key in keys))
ALL_KEYS = frozenset((*TOP_KEYS, *STEP_KEYS))

NUMBER_TESTS = frozenset({Test.IS, Test.IS_NOT, Test.AT_LEAST, Test.AT_MOST})
TESTS_OF_ANSWER: Mapping[AnswerKind, frozenset[Test]] = {
    AnswerKind.ONE_OF: frozenset({Test.IS, Test.IS_NOT}),
    AnswerKind.YES_OR_NO: frozenset({Test.IS, Test.IS_NOT}),
    AnswerKind.ANY_OF: frozenset({Test.INCLUDES, Test.DOES_NOT_INCLUDE}),
    AnswerKind.SCALE: NUMBER_TESTS,
    AnswerKind.NUMBER: NUMBER_TESTS,
}
"""The tests that compare an answer with something. How a question ended can be asked of every kind."""

PICTURES = ("month", "web")
"""The pictures of a person's own answers that can stand with a text."""

MONTH = "month"
FILLED_IN = ("name", "specialist", "each", MONTH)
"""Placeholders that are not answers to a question of the script: the participant's name, the specialist's, what
``for each`` has come to, and the last four weeks in words."""
RESERVED = frozenset({*FILLED_IN, *ALL_KEYS, OWN_WORDS, "ok"})
"""Names that no step and nothing remembered may have."""
RESERVED_OPTIONS = RESERVED - set(FILLED_IN)

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
OPTION_NAME = re.compile(r"(?![0-9]+$)[a-z0-9][a-z0-9_]{0,59}")
TAG = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,59}")

LONGEST_TEXT = 600
LONGEST_SHORT_TEXT = 60
MOST_POINTS = 11
SCALE_ENDS = (0, 100)
MOST_QUESTIONS = 12
MOST_STEPS = 200
MOST_OPTIONS = 100

_TWO_LETTERS = """
aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cv cy da de dv dz ee el en eo es et eu
fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl
km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc
oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl
tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_THREE_LETTERS = """
ars ary arz apc acm ayl aii bal bcl byn ceb ckb cnh crs din fat fil gaa haz hil hmn kab kam kea kln kmr knn ksw kum lah
lus luo mam mnk nus ory pap pcm pnb prs quc rhg rif rmy rom sat sdh sgs shi skr sma smj smn sms snk sus swc syl syr tem
tet tig tpi tzm tzo wal wuu yue zgh zza
"""
LANGUAGES = frozenset((_TWO_LETTERS + _THREE_LETTERS).split())
"""ISO 639-1, and codes of ISO 639-2 and 639-3 for languages that people in Europe's services write or are served in."""
LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-(?:[A-Z]{2}|[0-9]{3}))?")
