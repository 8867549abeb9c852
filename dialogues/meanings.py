"""Meanings: tags of questions whose answers Medvind itself does something with, and what those answers have to be.

The names of tags and of their options mean the same in every script and every language; their texts are the authors'.
What no family here begins with is a free word for reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dialogues import timing
from dialogues.model import AnswerKind

# Choices about taking part: kept in the person's sealed plan and nowhere else.
CHOICE = "choice:"
TOPICS, NO_TOPICS = "choice:topics", "choice:no_topics"
SHARING, READING, FORM, PHONE = "choice:sharing", "choice:reading", "choice:form", "choice:phone"
FACES = "choice:faces"
"""Whether faces stand beside words where a scale can have them."""
IF_QUIET, PULSE, HANDOVER = "choice:if_quiet", "choice:pulse", "choice:handover"
TRANSLATION = "choice:translation"
START_DAY = "choice:start_day"
"""The first day at something new."""

# Goals and their steps
GOAL_NEW, GOAL_STILL, GOAL_STEP, GOAL_SURE = "goal:new", "goal:still", "goal:step", "goal:sure"

# Agreements: what one proposes, and what is said to one
AGREEMENT_WHAT, AGREEMENT_WHO, AGREEMENT_BY, AGREEMENT_SIGN = (
    "agreement:what",
    "agreement:who",
    "agreement:by",
    "agreement:sign",
)
AGREEMENT_ANSWER, AGREEMENT_REVIEW, AGREEMENT_NEW_DAY = "agreement:answer", "agreement:review", "agreement:new_day"
AGREEMENT_OFFER = "agreement:offer"
"""What can become an agreement once it was shared, if the person wants that."""

# What a specialist is told first when it is shared, and its details
ASKS_CONTACT, ASKS_HELP, ASKS_INTERPRETER, ASKS_IF_QUIET = (
    "asks:contact",
    "asks:help",
    "asks:interpreter",
    "asks:if_quiet",
)
TELLS_NEWS, CHANGES_GOAL, WANTS_TALK = "tells:news", "changes:goal", "wants:talk"
REQUEST_HOW, REQUEST_WHEN, NEED_WHO = "request:how", "request:when", "need:who"
INTERPRETER = "interpreter"
"""The option of a question with ``asks:help`` that asks for an interpreter."""

# The workplace: comprehensible, manageable, meaningful, and what belongs to the place
CLEAR, MANAGEABLE, MEANINGFUL = "soc:c", "soc:m", "soc:me"
ENVIRONMENT, LANGUAGE, PERMISSION = "env", "lang", "permission"

# What a person believes of the job and of the next step
BELIEF_JOB, BELIEF_STEP, BELIEF_BASIS, BALANCE, ORDERED = (
    "belief:job",
    "belief:step",
    "belief:basis",
    "balance",
    "ordered",
)

# The web of what makes work harder, and the month
WEB_WHAT, WEB_WHERE, WEB_SIGN, WEB_ALSO = "web:what", "web:where", "web:sign", "web:also"
WEB_HELPS, WEB_SAFER, WEB_WHO = "web:helps", "web:safer", "web:who"
MONTH_WEEK, MONTH_SURE, MONTH_HARD, MONTH_GOOD = "month:week", "month:sure", "month:hard", "month:good"

ASK, TICKED, KEEP = "ask", "ticked", "keep"
"""How somebody shares (``choice:sharing``): asked each time, everything ticked beforehand that is not private, or
nothing ever offered."""

FAMILIES = (timing.PREFIX, CHOICE, "goal:", "agreement:", "request:", "need:")
"""What tags begin with that have to be one of ``MEANINGS``."""
IN_THE_PLAN = (timing.PREFIX, CHOICE)
"""What tags begin with whose answers are kept in the person's sealed plan, and never among the answers."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question with a tag has to be: one of these kinds, and its options have these names. Without ``options``
    they have the names that the author gives them."""

    kinds: tuple[AnswerKind, ...]
    options: tuple[str, ...] = ()


_CHOOSING = (AnswerKind.ONE_OF, AnswerKind.ANY_OF)
_YES_OR_NO = Meaning((AnswerKind.YES_OR_NO, AnswerKind.ONE_OF), ("yes", "no"))
_WORDS = Meaning((AnswerKind.TEXT, AnswerKind.VOICE_OR_TEXT))
_DAY = Meaning((AnswerKind.DATE,))
_SEVERAL = Meaning((AnswerKind.ANY_OF,))


def _one_of(*options: str) -> Meaning:
    return Meaning((AnswerKind.ONE_OF,), options)


MEANINGS: Mapping[str, Meaning] = {
    **{tag: Meaning(_CHOOSING, options) for tag, options in timing.OPTIONS.items()},
    timing.REMINDERS: Meaning((*_CHOOSING, AnswerKind.YES_OR_NO), timing.OPTIONS[timing.REMINDERS]),
    TOPICS: _SEVERAL,
    NO_TOPICS: _SEVERAL,
    SHARING: _one_of(ASK, TICKED, KEEP),
    READING: _one_of("read", "listen", "both"),
    FACES: _YES_OR_NO,
    FORM: _one_of("woman", "man", "neutral"),
    PHONE: _YES_OR_NO,
    IF_QUIET: _one_of("never", "weeks_4", "weeks_8"),
    PULSE: _YES_OR_NO,
    TRANSLATION: _YES_OR_NO,
    HANDOVER: _one_of("agreements", "everything"),
    START_DAY: _DAY,
    GOAL_NEW: _WORDS,
    GOAL_STILL: _one_of("yes", "change", "enough"),
    GOAL_STEP: _WORDS,
    GOAL_SURE: Meaning((AnswerKind.SCALE,)),
    AGREEMENT_WHAT: _WORDS,
    AGREEMENT_WHO: _one_of("participant", "specialist", "together", "someone_else"),
    AGREEMENT_BY: _DAY,
    AGREEMENT_SIGN: _WORDS,
    AGREEMENT_ANSWER: _one_of("yes", "change", "no"),
    AGREEMENT_REVIEW: _one_of("done", "not_yet", "changed", "drop"),
    AGREEMENT_NEW_DAY: _DAY,
    AGREEMENT_OFFER: Meaning((AnswerKind.ANY_OF, AnswerKind.TEXT, AnswerKind.VOICE_OR_TEXT)),
    REQUEST_HOW: _one_of("meeting", "message", "call", "none"),
    REQUEST_WHEN: _one_of("week", "meeting", "no_hurry"),
    NEED_WHO: _one_of("me", "together", "specialist", "someone_else", "unknown"),
}


def is_understood(tag: str, option: str) -> bool:
    """Whether an option of a question with this tag means something."""
    if tag in timing.OPTIONS:
        return timing.is_understood(tag, option)
    options = MEANINGS[tag].options
    return not options or option in options or (tag.startswith(CHOICE) and option == timing.AS_IT_IS)


def named_by(tags: Iterable[str]) -> frozenset[str]:
    """The names that options have to have because of these tags."""
    return frozenset(option for tag in tags if tag in MEANINGS for option in MEANINGS[tag].options)


def is_in_the_plan(tags: Iterable[str]) -> bool:
    """Whether the answer to a question with these tags is kept in the person's sealed plan and nowhere else."""
    return any(tag.startswith(IN_THE_PLAN) for tag in tags)


def named_topics(options: Iterable[str]) -> frozenset[str]:
    """The topics among the options of a question with ``choice:topics`` or ``choice:no_topics``."""
    return frozenset(options) - {timing.NONE, timing.AS_IT_IS}
