"""Audio command: what ``medvind audio status`` tells: how much of what participants read is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.catalogs import Catalogs
from bot.programme import Programme
from bot.recordings import OWN_OPTIONS, Recordings, is_read_out
from dialogues.model import Audience, Script

NOT_JUDGED = "Whether a recording says what its text says now is not judged: listen to it when a text has changed."


def status(
    programme: Programme, catalogs: Catalogs, scripts: Mapping[str, Script], recordings: Recordings, *, missing: bool
) -> Iterator[str]:
    """Lines for each language that is offered; with ``missing`` the texts without a recording as well. ``scripts``
    are there by their dialogues; those that the programme does not name are left out."""
    asked = [scripts[name] for name in programme.dialogues if name in scripts]
    known: set[tuple[str, str]] = set()
    for code in (code for code in programme.languages if code in catalogs.languages):
        texts = _texts(asked, catalogs, code)
        known.update((code, context) for context in texts)
        lacking = {context: text for context, text in texts.items() if (code, context) not in recordings.files}
        yield f"{code}: {len(texts) - len(lacking)} of {len(texts)} texts have a recording"
        if missing:
            yield from (f"  {context}  {' '.join(text.split())}" for context, text in lacking.items())
    for language, context in sorted(recordings.files.keys() - known):
        yield f"{recordings.files[language, context]}: no text that is asked in this language has this name"
    yield NOT_JUDGED


def _texts(scripts: list[Script], catalogs: Catalogs, language: str) -> dict[str, str]:
    """What participants are told and asked in a language, by context."""
    found: dict[str, str] = {}
    for script in scripts:
        if script.audience is Audience.PARTICIPANT:
            found |= catalogs.script_texts(script, language) or {}
    own = {context: catalogs.ui(language)[context] for context in OWN_OPTIONS}
    return {context: text for context, text in found.items() if is_read_out(context)} | own
