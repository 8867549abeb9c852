"""Roles: what a specialist does, what is done together, and who does the rest; and the words for it.

A *topic* is the name of an option of a question tagged ``asks:help``: ``letters``, ``talk_to_boss``. ``does`` and
``elsewhere`` say where it belongs; ``role_parts`` words the whole card for a participant, ``reply_text`` an answer to
a request. Both are made of reviewed texts (``ui/role.`` and ``ui/reply.``): nothing that staff write stands in them but
the names in the programme file. Pure: texts come in as mappings of one language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dialogues.model import Ask, Option, Script
from dialogues.texts import fill

KINDS = (
    "benefits_office",
    "health_service",
    "union",
    "language_course",
    "interpreter_service",
    "family_service",
    "housing",
    "lawyer",
    "debt_adviser",
    "school",
    "other",
)
"""What somebody is who does what the specialist does not."""

REPLIES = ("yes", "together", "try", "not_my_role", "talk_first", "seen")
"""How a request can be answered: ``yes`` (I do it), ``together``, ``try`` (can you try it, with my support),
``not_my_role`` (somebody else does it), ``talk_first``, and ``seen`` for what asks for nothing."""

ASKS_HELP = "asks:help"

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody who does what the specialist does not. ``who`` is a proper name; ``call`` may be empty."""

    id: str
    who: str
    kind: str
    call: str
    topics: tuple[str, ...]

    def text(self, texts: Texts) -> str:
        """What people are told of them: the name, what they are, and the number, each as far as there is one."""
        named = fill(texts[f"ui/role.kind.{self.kind}"], {"who": self.who})
        return fill(texts["ui/role.call"], {"who": named, "number": self.call}) if self.call else named


@dataclass(frozen=True, slots=True)
class RoleCard:
    """What is whose, by topics. No topic stands in it twice. ``line`` is its line in the programme file."""

    does: tuple[str, ...]
    together: tuple[str, ...]
    instead: tuple[Elsewhere, ...]
    line: int = 1

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that has a place."""
        return (*self.does, *self.together, *(topic for each in self.instead for topic in each.topics))

    def named(self, who: str) -> Elsewhere | None:
        """Who does something instead, by their name in the card (``id``)."""
        return next((each for each in self.instead if each.id == who), None)


@dataclass(frozen=True, slots=True)
class RolePart:
    """A heading of the card in a participant's language, and what stands below it."""

    heading: str
    items: tuple[str, ...]


def does(card: RoleCard, topic: str) -> bool:
    """Whether it is the specialist's: alone, or together with the person."""
    return topic in card.does or topic in card.together


def elsewhere(card: RoleCard, topic: str) -> Elsewhere | None:
    """Who does it instead of the specialist, or None."""
    return next((each for each in card.instead if topic in each.topics), None)


def role_parts(card: RoleCard, *, texts: Texts, specialist: str, topics: Texts) -> tuple[RolePart, ...]:
    """The card as a participant reads it. ``topics`` are the words of the topics; one without words is left out."""
    own = (("does", card.does), ("together", card.together))
    parts = [
        RolePart(fill(texts[f"ui/role.{part}"], {"specialist": specialist}), _worded(names, topics))
        for part, names in own
    ]
    others = tuple(_instead(each, texts, topics) for each in card.instead if _worded(each.topics, topics))
    parts.append(RolePart(fill(texts["ui/role.instead"], {"specialist": specialist}), others))
    return tuple(part for part in parts if part.items)


def reply_text(code: str, *, texts: Texts, specialist: str, topic_text: str, who: str = "") -> str:
    """The answer to a request, as the person is told it. ``code`` is one of ``REPLIES``.

    ``topic_text`` is what the request was about, in the person's language. ``who`` is ``Elsewhere.text`` of who does
    it, for ``not_my_role`` only; empty where nobody is named. Raises KeyError for another code.
    """
    context = f"ui/reply.{code}" if who or code != "not_my_role" else "ui/reply.not_my_role.open"
    said = fill(texts[context], {"specialist": specialist, "who": who})
    return f"{fill(texts['ui/reply.about'], {'topic': topic_text})}\n{said}"


def help_topics(script: Script) -> Iterator[tuple[Ask, Option]]:
    """Every topic of a script with its question. Options that stand alone ("Not now") ask for nothing."""
    for step in script.steps:
        if isinstance(step, Ask) and ASKS_HELP in step.tags:
            yield from ((step, option) for option in step.options if option.name not in step.alone)


def topic_words(scripts: Iterable[tuple[Script, Texts]]) -> dict[str, str]:
    """What each topic is called, by scripts with their texts in one language. The first script that has it counts."""
    found: dict[str, str] = {}
    for script, texts in scripts:
        for ask, option in help_topics(script):
            found.setdefault(option.name, texts[f"{ask.key}/{option.name}"])
    return found


def _instead(each: Elsewhere, texts: Texts, topics: Texts) -> str:
    listed = texts["ui/separator"].join(_worded(each.topics, topics))
    return fill(texts["ui/role.instead.item"], {"topics": listed, "who": each.text(texts)})


def _worded(names: Iterable[str], topics: Texts) -> tuple[str, ...]:
    return tuple(topics[name] for name in names if name in topics)
