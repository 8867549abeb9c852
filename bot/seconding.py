"""Seconding: what of a dialogue nobody changes alone: whether to take part, what can be shared and who reads it, and
where help is. A version that changes any of it takes two people to publish, and so does a new dialogue with any of it
that is written on the staff pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection

from bot import helping
from bot.catalogs.safety import is_safety
from bot.keeping import CONSENT
from dialogues import meanings
from dialogues.loader import load_bundle
from dialogues.model import Ask, Script, Share, Step
from dialogues.problems import ScriptRefused
from storage import people
from storage.people import Staff
from storage.scripts import ScriptVersion
from storage.vault import Vault

Texts = Mapping[str, Mapping[str, str]]

ATTENTION = ("asks:", "tells:", "wants:", "changes:")
"""What tags begin with that lift a shared answer up."""

GUARDED = frozenset((CONSENT, meanings.SHARING, meanings.HANDOVER, meanings.IF_QUIET))
"""Tags of questions whose words and options decide who sees what, or whether somebody takes part."""


def needs_two(before: ScriptVersion | None, script: Script, texts: Texts) -> bool:
    """Whether a version would change anything that is guarded; of the first of a dialogue, whether it has anything of
    that. A language that comes or goes is no change of the others."""
    if before is None:
        return any(rule for _, rule in _each_rule(script)) or bool(_words(script, texts, texts.keys()))
    try:
        old = load_bundle(before.sources, before.dialogue)
    except ScriptRefused:
        return True  # It was written in an older format: what it said cannot be compared any more.
    both = before.texts.keys() & texts.keys()
    return _rules(old) != _rules(script) or _words(old, before.texts, both) != _words(script, texts, both)


def are_two(by: str, second: str) -> bool:
    """Whether two names are given, and not the same twice."""
    return bool(by.strip() and second.strip()) and by.strip().casefold() != second.strip().casefold()


class NotTwo(Exception):
    """There are not two coordinators who could publish this together. The message says what to do."""


def two_coordinators(conn: Connection, vault: Vault, by_mail: str, second_mail: str) -> tuple[Staff, Staff]:
    """The coordinators who have these mails, and an account each. Raises NotTwo."""
    by, second = (_coordinator(conn, vault, mail) for mail in (by_mail, second_mail))
    if by.id == second.id:
        raise NotTwo("--by and --second are the same person. It takes two coordinators.")
    return by, second


def _coordinator(conn: Connection, vault: Vault, mail: str) -> Staff:
    wanted = mail.strip().casefold()
    found = next((one for one in people.all_staff(conn, vault) if wanted and one.mail.casefold() == wanted), None)
    if found is None:
        given = f'"{mail.strip()}" is the mail of nobody here' if wanted else "A mail is missing"
        raise NotTwo(f"{given}. It takes the mails of two coordinators; medvind staff list shows them.")
    if found.role != "coordinator":
        raise NotTwo(f"{found.name} is no coordinator. It takes the mails of two coordinators.")
    return found


def _rules(script: Script) -> Mapping[str, object]:
    """What can be shared, what is private, and what decides about either."""
    return dict(_each_rule(script))


def _each_rule(script: Script) -> Iterator[tuple[str, object]]:
    offered = {key for step in script.steps if isinstance(step, Share) for key in step.offer}
    for step in script.steps:
        if isinstance(step, Share):
            yield step.key, (step.offer, step.guards, step.topics)
        elif isinstance(step, Ask) and step.key in offered:
            asks = tuple(tag for tag in step.tags if tag.startswith(ATTENTION))
            yield step.key, (step.private, step.private_groups, asks)
        elif isinstance(step, Ask) and GUARDED & {*step.tags}:
            yield step.key, (step.guards, tuple(option.name for option in step.options))
    yield "help", tuple(helping.rules(script))


def _is_guarded(step: Step) -> bool:
    """Whether the words of a step are about sharing, taking part or help."""
    tags = GUARDED & {*step.tags} if isinstance(step, Ask) else frozenset()
    return isinstance(step, Share) or bool(tags) or is_safety(step.key) or helping.says_help(step)


def _words(script: Script, texts: Texts, languages: Collection[str]) -> Mapping[tuple[str, str], str]:
    """The guarded texts of these languages: all of a guarded step, and what the answers are called on which it depends
    whether help is shown."""
    guarded = tuple(step.key for step in script.steps if _is_guarded(step))
    begin = tuple(f"{key}{sign}" for key in guarded for sign in "/.") + tuple(
        f"{question}/" for question in helping.depends_on(script)
    )
    return {
        (language, context): text
        for language in languages
        for context, text in texts[language].items()
        if is_safety(context) or context in guarded or context.startswith(begin)
    }
