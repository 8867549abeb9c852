"""Placing: whether scripts and the programme file fit together: help topics have a place, dialogues the right one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.programme import Programme
from bot.roles import RoleCard, help_topics
from dialogues.model import Audience, Script
from dialogues.problems import Problem, did_you_mean


def placed(programme: Programme, scripts: Mapping[str, Script], file: str) -> tuple[Problem, ...]:
    """Every problem between the programme in ``file`` and scripts, which are there by their dialogues."""
    card = programme.role_card
    topics = _topics(card, scripts, file) if card is not None else ()
    return (*topics, *_audiences(programme, scripts))


def _topics(card: RoleCard, scripts: Mapping[str, Script], file: str) -> Iterator[Problem]:
    """A question that several dialogues run is looked at in its own only."""
    asked = [
        (f"{name}.yaml", option)
        for name, script in scripts.items()
        for ask, option in help_topics(script)
        if ask.key.startswith(f"{script.dialogue}/")
    ]
    offered = {option.name for _, option in asked}
    idle = [topic for topic in card.topics if topic not in offered]
    for place, option in asked:
        if option.name not in card.topics:
            hint = did_you_mean(option.name, idle, 'Put it under "does", "together" or "instead".')
            message = f'The role card does not say whose "{option.name}" is.'
            yield Problem("MV070", option.line, 1, message, hint, place)
    for topic in idle if offered else ():
        hint = did_you_mean(topic, offered - set(card.topics), "Take it out of the role card.")
        yield Problem("MV071", card.line, 1, f'No question about help has an option "{topic}".', hint, file)


def _audiences(programme: Programme, scripts: Mapping[str, Script]) -> Iterator[Problem]:
    for name in programme.dialogues:
        own = name == programme.own_check_in
        wanted = Audience.SPECIALIST if own else Audience.PARTICIPANT
        if name in scripts and scripts[name].audience is not wanted:
            message = f'The programme needs "{name}" for {wanted}s, and it is for {scripts[name].audience}s.'
            yield Problem("MV072", 1, 1, message, "Name another dialogue, or correct the script.", f"{name}.yaml")
