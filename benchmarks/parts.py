"""The parts of a turn that need no database, alone on one core."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping

from benchmarks.checkin import REPLIES, given, script
from bot.catalogs import Catalogs
from bot.config import LOCALES, SCRIPTS
from bot.rendering import rendered
from bot.shelf import Published
from bot.speaking import Speaking
from dialogues.engine import Input, Skip, options_shown, play, start
from dialogues.events import Event
from dialogues.loader import load_bundle
from dialogues.model import Ask, Script
from dialogues.session import Answer, Session

ROUNDS = 5


def seconds_each(work: Callable[[], object], pieces: int, *, least: float = 0.3) -> float:
    """Processor seconds for one of the ``pieces`` that ``work`` does; the median of five rounds."""
    work()
    return statistics.median(_round(work, pieces, least) for _ in range(ROUNDS))


def engine_step() -> float:
    """Seconds for one step of the dialogue, from the session as JSON to the next session as JSON."""
    begun = start(script())[0].to_json()

    def checkin() -> None:
        text = begun
        for reply in REPLIES:
            session = Session.from_json(text)
            session, _ = play(script(), session, given(reply, session))
            text = session.to_json()

    return seconds_each(checkin, len(REPLIES))


def rendering() -> float:
    """Seconds for putting one question of the shipped check-in, with its buttons, into the words of a language."""
    library = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.yaml"))}
    shipped = load_bundle(library, "weekly_checkin")
    catalogs = Catalogs.load(LOCALES, allow_drafts=True)
    published = Published("weekly_checkin", 1, shipped, _texts(catalogs, shipped))
    voices = [
        Speaking(catalogs).voice(published, language, 1, {"name": "Sam", "specialist": "Kari"}.__getitem__)
        for language in catalogs.languages
    ]
    asked = list(_asked(shipped))

    def everything() -> None:
        for voice in voices:
            for session, events in asked:
                rendered(voice, session, events)

    return seconds_each(everything, len(voices) * len(asked))


def _texts(catalogs: Catalogs, shipped: Script) -> dict[str, Mapping[str, str]]:
    found = {language: catalogs.script_texts(shipped, language) for language in catalogs.languages}
    return {language: texts for language, texts in found.items() if texts is not None}


def _asked(shipped: Script) -> Iterator[tuple[Session, tuple[Event, ...]]]:
    """Every question of a check-in whose every question is answered by its first option, or skipped."""
    session, events = start(shipped)
    while not session.closed:
        yield session, events
        step = shipped.step(session.waiting)
        first = options_shown(step, session)[:1] if isinstance(step, Ask) else ()
        given: Input = Answer(choices=(first[0].name,)) if first else Skip()
        session, events = play(shipped, session, given)


def _round(work: Callable[[], object], pieces: int, least: float) -> float:
    began, times = time.process_time(), 0
    while (took := time.process_time() - began) < least:
        work()
        times += 1
    return took / times / pieces
