"""Seen: what a participant is told of their specialist: what brings something to the top, and what is whose to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.digest.attention import attention
from bot.my_page.words import OwnWords
from bot.roles import RoleCard, RolePart, role_parts, topic_words
from bot.shelf import Published


@dataclass(frozen=True, slots=True)
class Seen:
    """``reads`` says how often what is shared is read; ``rules`` are all there are, in their order."""

    reads: str
    rules: tuple[str, ...]
    roles: tuple[RolePart, ...]


def seen(reads: str, role_card: RoleCard | None, scripts: Iterable[Published], words: OwnWords) -> Seen:
    """``reads`` is one of ``bot.programme.READS``; ``scripts`` are those that people can be asked."""
    topics = topic_words((each.script, words.tongue(each).texts) for each in scripts)
    specialist = words.names()["specialist"]
    return Seen(
        reads=words.ui[f"ui/help.reads.{reads.replace(' ', '_')}"],
        rules=tuple(words.say(f"rule.{rule.code}") for rule in attention().rules),
        roles=role_parts(role_card, texts=words.ui, specialist=specialist, topics=topics) if role_card else (),
    )
