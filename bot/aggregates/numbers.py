"""Numbers: what is left of a month's counts when the rules are through with them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.aggregates.rules import (
    FEWEST_OF_BOTH,
    FEWEST_PEOPLE,
    NOBODY,
    Band,
    Behind,
    Between,
    band,
    meant,
    parts,
    rounded,
    seen,
)

OnBoth = Mapping[tuple[str, str], Behind]
"""Topic and language."""


class Invited(NamedTuple):
    """Check-ins that came, and how many of them somebody took up."""

    behind: Behind
    came: int
    taken_up: int


NOT_INVITED = Invited(NOBODY, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted in one month, before the rules. Nobody ever sees these."""

    using: Behind = NOBODY
    invited: Invited = NOT_INVITED
    languages: Mapping[str, Behind] = field(default_factory=dict)
    """Of those who shared anything: each person has one."""
    topics: Mapping[str, Behind] = field(default_factory=dict)
    changes: Mapping[str, Behind] = field(default_factory=dict)
    topics_by_language: OnBoth = field(default_factory=dict)
    undelivered: Behind = NOBODY
    opinions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Of a question (its key) for one reason. Nobody can tell from whom, so they are counted as they are."""
    team: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Specialists' answers, by question and option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What may be seen of one month. None and what is missing stand for "too few": one cannot be told from nobody."""

    using: int | None
    taken_up: Band | None
    topics: Mapping[str, int]
    changes: Mapping[str, int]
    languages: Mapping[str, int]
    topics_by_language: Mapping[tuple[str, str], int]
    opinions: Mapping[tuple[str, str], int]
    undelivered: int | None
    team: Mapping[str, tuple[int, Mapping[str, Band]]]
    """Question -> how many answered it, and what share of them chose each option that is named."""


def numbers(figures: Figures, languages: Sequence[str], options: Mapping[str, Sequence[str]]) -> Numbers:
    """What may be seen. ``languages`` are all that people can have, ``options`` those of the team's questions: one that
    nobody chose is treated as any other."""
    topics, changes, invited = seen(figures.topics), seen(figures.changes), figures.invited
    using = _count(figures.using)
    spoken = {language: figures.languages.get(language, NOBODY) for language in languages}
    shown = parts(spoken, _sharing([*topics.values(), *changes.values()], using))
    return Numbers(
        using=using,
        taken_up=band(invited.taken_up, invited.came) if invited.behind.enough else None,
        topics=_largest_first(topics),
        changes=_largest_first(changes),
        languages=_largest_first(shown),
        topics_by_language=_on_both(figures, spoken, frozenset(shown)),
        opinions={key: rounded(n) for key, n in sorted(figures.opinions.items()) if n >= FEWEST_PEOPLE},
        undelivered=_count(figures.undelivered),
        team=dict(_team(figures.team, options)),
    )


def _count(behind: Behind) -> int | None:
    return rounded(behind.people) if behind.enough else None


def _sharing(subsets: Sequence[int], using: int | None) -> Between:
    """What a reader knows of how many shared anything: as many as shared one thing, and no more than took part."""
    most = FEWEST_PEOPLE - 1 if using is None else meant(using).most
    return Between(max((meant(n).least for n in subsets), default=0), most)


def _on_both(figures: Figures, spoken: Mapping[str, Behind], shown: frozenset[str]) -> dict[tuple[str, str], int]:
    """Topics by language, where both are shown and large. The languages of a topic are parts of its count."""
    small = frozenset(each for each in spoken if each not in shown or spoken[each].people < FEWEST_OF_BOTH)
    found: dict[tuple[str, str], int] = {}
    for topic, behind in sorted(figures.topics.items()):
        if behind.enough and behind.people >= FEWEST_OF_BOTH:
            row = {language: figures.topics_by_language.get((topic, language), NOBODY) for language in spoken}
            of_topic = parts(row, meant(rounded(behind.people), FEWEST_OF_BOTH), hide=small)
            found |= {(topic, language): n for language, n in of_topic.items()}
    return found


def _team(
    answers: Mapping[str, Mapping[str, int]], options: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, tuple[int, Mapping[str, Band]]]]:
    for question, names in options.items():
        chosen = answers.get(question, {})
        whole = sum(chosen.values())
        if whole >= FEWEST_PEOPLE:
            yield question, (rounded(whole), {name: band(chosen.get(name, 0), whole) for name in names})


def _largest_first(shown: Mapping[str, int]) -> dict[str, int]:
    """By what is shown, so that the order says no more than the numbers; then by name."""
    return dict(sorted(shown.items(), key=lambda each: (-each[1], each[0])))
