"""Replied: what specialists answered to lines that a person shared, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.lines import decode_lines, value_text
from bot.my_page.record import Record
from bot.my_page.sent import LineReplies
from bot.my_page.words import OwnWords
from bot.roles import RoleCard, reply_text
from storage.own import OwnCard
from storage.replies import Reply


def replied(
    record: Record,
    replies: Iterable[Reply],
    words: OwnWords,
    role_card: RoleCard | None,
    name_of: Callable[[int], str],
) -> LineReplies:
    """Replies by conversation, share step and line. ``name_of`` gives the name of a member of staff."""
    topics = _topics(record, words)
    return {
        reply.key[1:]: reply_text(
            reply.code,
            texts=words.ui,
            specialist=name_of(reply.staff_id) or words.ui["ui/specialist"],
            topic_text=topics[reply.key[1:]],
            who=_who(reply, role_card, words),
        )
        for reply in replies
        if reply.key[1:] in topics
    }


def _topics(record: Record, words: OwnWords) -> Mapping[tuple[int, str, str], str]:
    """What each shared line says, by its place."""
    return {
        (card.conversation, card.step, line_id): text
        for card in record.cards
        for line_id, text in _lines(record, card, words).items()
    }


def _lines(record: Record, card: OwnCard, words: OwnWords) -> dict[str, str]:
    published = record.scripts[card.dialogue, card.version]
    tongue = words.tongue(published)
    of = published.script, tongue.texts, tongue.ui, tongue.language
    return {
        line.id: value_text(of[0], line, *of[1:], words.names()) or line.answer.words
        for line in decode_lines(card.lines)
        if not line.withdrawn
    }


def _who(reply: Reply, role_card: RoleCard | None, words: OwnWords) -> str:
    found = role_card.named(reply.who) if role_card and reply.who else None
    return found.text(words.ui) if found else ""
