"""Welcome: what somebody is told on the way in, from the closed door to the button that begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from bot.messages import Button, Outbound, Tap
from dialogues.texts import fill


class Wordings(Protocol):
    """What is needed of the catalogues (``bot.catalogs``)."""

    languages: tuple[str, ...]
    staff_languages: tuple[str, ...]

    def ui(self, language: str) -> Mapping[str, str]:
        """Every text of one language by context."""

    def name(self, language: str) -> str:
        """The language's own name for itself."""


def closed_door(texts: Wordings, language: str) -> Outbound:
    """The one sentence for whoever is not let in, whatever the reason."""
    return Outbound("note", language, texts.ui(language)["ui/messenger.closed_door"])


def check_number(texts: Wordings, language: str, number: str) -> Outbound:
    """The number that the person who waits is asked for."""
    ui = texts.ui(language)
    asked = fill(ui["ui/messenger.check_number"], {"number": number})
    return Outbound("note", language, f"{asked} {ui['ui/messenger.then']}")


def left(texts: Wordings, language: str) -> Outbound:
    """To somebody who stops before it began."""
    return Outbound("closed", language, texts.ui(language)["ui/stop.done"])


def ready(texts: Wordings, language: str, specialist: str, suggestion: str) -> Outbound:
    """That they can begin, who else reads along, and the ways to begin. ``specialist`` may be empty, and so may
    ``suggestion``, a language: its button comes first, for somebody who cannot read the rest."""
    ui = texts.ui(language)
    named = fill(ui["ui/messenger.ready"], {"specialist": specialist or ui["ui/specialist"]})
    text = "\n\n".join((named, ui["ui/messenger.who_reads"], ui["ui/messenger.deleting"]))
    return Outbound("note", language, text, buttons=tuple(_ways(texts, language, suggestion)), pick="one")


def _ways(texts: Wordings, language: str, suggestion: str) -> Iterator[Button]:
    others = [code for code in texts.languages if code != language]
    if suggestion in others:
        others.remove(suggestion)
        yield _speak(texts, suggestion)
    yield Button(texts.ui(language)["ui/messenger.begin"], Tap(0, "", "start"))
    yield from (_speak(texts, code) for code in others)


def _speak(texts: Wordings, code: str) -> Button:
    return Button(texts.name(code), Tap(0, "", "language", (code,)))
