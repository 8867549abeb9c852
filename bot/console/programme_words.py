"""What the pages of the programme say: keys of the file in words, what changes, and what has to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.digest.words import StaffWords
from bot.placing import placed
from bot.programme import Programme
from bot.programme.differences import Difference
from bot.programme.layout import Field
from dialogues.model import Script
from dialogues.problems import Problem

_OTHERWISE = {("instead", "topics"): "whose_topics", ("lines", "languages"): "spoken", ("local", "languages"): "spoken"}
"""Keys that mean something else inside an entry."""

_CHOICES = {"about": "ui/help.about.{}", "cost": "ui/help.cost.{}", "specialist reads": "ui/help.reads.{}"}
_KIND = "ui/role.kind.{}"


@dataclass(frozen=True, slots=True)
class Look:
    """Something to look at in a draft: what is wrong and what to do. It ``stops`` the draft, or is only said."""

    message: str
    hint: str = ""
    code: str = ""
    where: str = ""
    stops: bool = True
    english: bool = True
    """It is said in English, as problems of scripts are."""


def key_text(words: StaffWords, key: str, above: str = "") -> str:
    """What a key is called."""
    name = _OTHERWISE.get((above, key)) or key.replace(" ", "_").replace("-", "_")
    return words.say(f"programme.key.{name}")


def keys_text(words: StaffWords, keys: Iterable[str]) -> str:
    """What some keys are called."""
    return words.listed(key_text(words, key) for key in keys)


def choice_text(words: StaffWords, field: Field, choice: str) -> str:
    """What one of the values of a field is called; as in the file where nothing else is known."""
    name = choice.replace(" ", "_")
    if field.name == "kind":
        return words.ui[_KIND.format(name)].replace("{who}", "").strip(" ()") or choice
    context = _CHOICES.get(field.name, "").format(name)
    return words.ui.get(context, choice)


def sentences(words: StaffWords, found: Iterable[Difference]) -> list[tuple[str, bool]]:
    """What changes, a sentence each, and whether that takes two people."""
    return [(_sentence(words, each), each.is_guarded) for each in found]


def _sentence(words: StaffWords, one: Difference) -> str:
    what = _what(words, one)
    before, now = (words.say("programme.yes") if text == "yes" else text for text in (one.before, one.now))
    if before == now:
        return words.say("programme.reordered", what=what, now=now)
    if not one.before:
        return words.say("programme.added", what=what, now=now or one.entry)
    if not one.now:
        return words.say("programme.removed", what=what, before=before)
    return words.say("programme.changed", what=what, now=now, before=before)


def _what(words: StaffWords, one: Difference) -> str:
    *above, last = one.keys
    inner = key_text(words, last, above[-1] if above else "")
    if not one.entry:
        deeper = len(above) > 1
        return words.say("programme.within", whole=key_text(words, above[-1]), part=inner) if deeper else inner
    if last in ("lines", "local", "instead"):
        return words.say("programme.within", whole=inner, part=one.entry)
    return words.say("programme.within", whole=one.entry, part=inner)


def to_look_at(
    words: StaffWords, programme: Programme, published: Mapping[str, Script], file: str = "programme.yaml"
) -> Iterator[Look]:
    """What does not fit between a programme and the published scripts. What only lacks a topic stops nobody."""
    for name in programme.dialogues:
        if name not in published:
            yield Look(words.say("programme.no_dialogue", dialogue=name), english=False)
    for problem in placed(programme, published, file):
        yield _of_problem(words, problem)


def _of_problem(words: StaffWords, problem: Problem) -> Look:
    return Look(problem.message, problem.hint, problem.code, problem.file, stops=problem.code == "MV072")


def of_mistakes(words: StaffWords, mistakes: Iterable[tuple[int, str]]) -> list[Look]:
    """Mistakes of a text, each with its line."""
    return [Look(message, where=words.say("programme.line", line=line)) for line, message in mistakes]
