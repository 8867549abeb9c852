"""SAFETY_CONTEXTS: the texts that a native speaker must have read before a language is offered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import translate
from functools import cache

SAFETY_CONTEXTS: Mapping[str, str] = {
    "onboarding/*": "whether to take part, who reads what, and the limits of that: a wrong word is a false promise",
    "sharing_choice/*": "decides how lines are offered",
    "if_quiet/*": "what somebody is told of a silence",
    "new_specialist/*": "what a new specialist may see",
    "*/sharing": "decides what leaves the participant",
    "*/who_knows": "decides what leaves the participant",
    "*/not_alone": "where help is after very hard weeks",
    "ui/*share*": "decides what leaves the participant",
    "ui/*keep*": "decides what leaves the participant",
    "ui/*kept*": "says what did not leave the participant",
    "ui/*pause*": "how to take a break, and who is told",
    "ui/*stop*": "how to stop for good",
    "ui/*not_read*": "that nobody reads an answer right away",
    "ui/help*": "where help is when somebody is in danger",
    "ui/role.*": "what the specialist does and does not do",
    "ui/reply.*": "what comes of a request",
    "ui/command.*": "the words that stop, pause and fetch help",
    "ui/menu.*": "the same in the messenger's own menu",
    "ui/messenger.who_reads": "who else can read what is written",
    "ui/messenger.deleting": "what deleting a message does not do",
    "ui/me.*": "who sees what, and what is taken back or deleted for good",
    "ui/mydata.*": "what is kept and what was shared",
    "ui/delete.*": "that an answer is gone",
}
"""Pattern of contexts -> why. A share step under any other name is a safety text as well."""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in SAFETY_CONTEXTS))


def is_safety(context: str) -> bool:
    """Whether a context is among the safety texts."""
    return _pattern().match(context) is not None
