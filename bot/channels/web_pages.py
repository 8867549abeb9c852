"""Pages: the HTML of the web chat. The same templates make whole pages and the pieces that a socket sends."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import msgspec

from bot.catalogs import Catalogs
from bot.catalogs.forms import NEUTRAL
from bot.catalogs.pseudo import PSEUDO
from bot.messages import Button, Outbound, ShareLine, Tap
from bot.pictures.drawings import drawing
from bot.pictures.figure import figure
from bot.programme import Programme
from bot.recordings import SILENCE, Recordings, of_message, of_option
from dialogues.answers import LONGEST_WORDS
from dialogues.texts import fill

if TYPE_CHECKING:
    from bot.history import Entry

START = Tap(conversation=0, step="", action="start")
TIME = Tap(conversation=0, step="", action="time")
PAUSE = Tap(conversation=0, step="", action="pause")
MENU = Tap(conversation=0, step="", action="menu")
QUESTION = Tap(conversation=0, step="", action="remark")


def chat_templates() -> jinja2.Environment:
    """The chat's own templates: staff pages may have files of the same names."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Pages:
    """Renders for one programme, from nothing but what it was made with: it works when the database is away.

    Raises ValueError when no language of the programme can be offered.
    """

    def __init__(
        self,
        environment: jinja2.Environment,
        catalogs: Catalogs,
        programme: Programme,
        assets: Mapping[str, str],
        recordings: Recordings = SILENCE,
        audio: str = "/audio",
    ) -> None:
        """``audio`` is where recordings are served."""
        self._environment = environment
        self._catalogs = catalogs
        self._at = audio
        self.recordings = recordings
        self.languages: tuple[str, ...] = ()
        """The languages that can be chosen, in the programme's order."""
        self.use(programme)
        if not self.languages:
            raise ValueError("None of the programme's languages is complete, so there is none to speak in.")
        environment.globals.update(
            assets=assets,
            direction=catalogs.direction,
            figure=figure,
            drawing=drawing,
            name_of=lambda code: capitalised(catalogs.name(code)),
            is_draft=catalogs.is_machine_draft,
            new_id=new_id,
            to_language=to_language,
            start=START,
            time=TIME,
            pause=PAUSE,
            menu=MENU,
            question=QUESTION,
            longest=LONGEST_WORDS,
        )
        environment.filters.update(
            tag=tag, json=as_json, together=together, in_groups=in_groups, line_of=line_of, tel=tel, digits=digits
        )

    def of(self, catalogs: Catalogs) -> Pages:
        """The same pages in the words of other catalogues, for a look at them."""
        other = copy(self)
        other._catalogs = catalogs
        return other

    def use(self, programme: Programme) -> None:
        """From now on, pages of another programme. One with none of the languages at hand leaves them as they are."""
        found = tuple(code for code in (*programme.languages, *PSEUDO) if code in self._catalogs.languages)
        self.languages = found or self.languages
        self._environment.globals.update(programme=programme, languages=self.languages)
        if self._environment.cache is not None:
            self._environment.cache.clear()

    def varies(self, language: str) -> bool:
        """Whether the language has words for women and men."""
        return self._catalogs.varies(language)

    def render(self, template: str, language: str, form: str = NEUTRAL, **values: Any) -> str:
        """A page or a piece of one, in the words of a form. Raises KeyError for a language that is not at hand."""
        catalogs = self._catalogs.in_form(form)
        t, count = partial(_text, catalogs.ui(language)), partial(_count, catalogs, language)
        values = {"message_audio": self._message_audio, "option_audio": self._option_audio, **values}
        values |= {"direction": self._catalogs.direction, "t": t, "count": count}
        return self._environment.get_template(template).render(language=language, **values)

    def chat(
        self,
        language: str,
        entries: Sequence[Entry],
        person: str,
        form: str = NEUTRAL,
        *,
        listens: bool,
        discreet: bool,
    ) -> str:
        """The whole chat. ``person`` tells one participant from another in the browser, and nothing else. For one who
        ``listens`` the texts can be played. A ``discreet`` page does not name the service."""
        last = max((entry.seq for entry in entries), default=0)
        said = {"person": person, "last": last, "spoken": spoken(entries, language)}
        return self.render("chat.html", language, form, **said, listens=listens, discreet=discreet, **_view(entries))

    def messages(
        self, language: str, entries: Sequence[Entry], after: int, form: str = NEUTRAL, *, listens: bool
    ) -> str:
        """The messages that came after number ``after``."""
        view = _view(entries)
        view["entries"] = [entry for entry in entries if entry.seq > after]
        return self.render("messages.html", language, form, **view, listens=listens)

    def answer(self, language: str, entries: Sequence[Entry], form: str = NEUTRAL, *, listens: bool) -> str:
        """The ways to answer the question that waits."""
        return self.render("answer.html", language, form, **_view(entries), listens=listens)

    def _message_audio(self, said: Outbound) -> str:
        """Where a message can be listened to, or ""."""
        return self._audio(said.language, of_message(said))

    def _option_audio(self, asked: Outbound, button: Button) -> str:
        """Where an option can be listened to, or ""."""
        return self._audio(asked.language, of_option(asked, button, self._catalogs.ui(asked.language)))

    def _audio(self, language: str, contexts: Iterable[str]) -> str:
        context = self.recordings.first(language, contexts)
        return f"{self._at}/{language}/{context}" if context else ""


def _count(catalogs: Catalogs, language: str, name: str, n: int) -> str:
    return fill(catalogs.count(language, f"ui/{name}", n), {"n": str(n)})


def _text(texts: Mapping[str, str], name: str, **values: object) -> str:
    text = texts[f"ui/{name}"]
    return fill(text, {key: str(value) for key, value in values.items()}) if values else text


def _view(entries: Sequence[Entry]) -> dict[str, Any]:
    """What the templates show. ``now`` is the first message that the person has not answered to."""
    since = next((n for n, entry in enumerate(reversed(entries)) if not entry.outbound), len(entries))
    unanswered = entries[len(entries) - since :]
    now = unanswered[0] if unanswered else None
    return {"entries": entries, "waiting": waiting(entries), "now": now}


def waiting(entries: Sequence[Entry]) -> Entry | None:
    """The message that waits for an answer: the last one with a way to give it, unless the conversation has closed
    since."""
    for entry in reversed(entries):
        message = entry.outbound
        if message and (message.buttons or message.controls or message.typed):
            return entry
        if message and message.kind == "closed":
            return None
    return None


def spoken(entries: Sequence[Entry], language: str) -> str:
    """The language of the last message. Where it changes, the browser opens the page anew; it may well differ from
    the participant's all the time, when a script does not have that one."""
    return next((entry.outbound.language for entry in reversed(entries) if entry.outbound), language)


def new_id() -> str:
    """The name of a message that may be sent from a form, so that sending it twice has no effect."""
    return secrets.token_urlsafe(16)


def to_language(code: str) -> Tap:
    """The tap that changes the language."""
    return Tap(conversation=0, step="", action="language", choices=(code,))


def capitalised(name: str) -> str:
    """A name as it stands alone. Many languages write their own name small in a sentence."""
    return name[:1].upper() + name[1:]


def tag(code: str) -> str:
    """A language code as HTML has it."""
    return code.replace("_", "-")


def as_json(tap: Tap) -> str:
    """A tap as the value of a button."""
    return msgspec.json.encode(tap).decode()


def together(asked: Outbound) -> Tap:
    """The one tap that sends everything ticked: the boxes' own, still without their choices."""
    first = asked.buttons[0].tap
    return Tap(first.conversation, first.step, first.action)


def in_groups(buttons: Iterable[Button]) -> list[tuple[str, list[Button]]]:
    """Buttons below their headings, in their own order."""
    return [(group, list(members)) for group, members in groupby(buttons, lambda button: button.group)]


def line_of(lines: Iterable[ShareLine], button: Button) -> ShareLine | None:
    """The line that a button stands for, or None where buttons are no lines."""
    return next((line for line in lines if (line.id,) == button.tap.choices), None)


def digits(number: str) -> str:
    """A phone number as phones take it."""
    return number.replace(" ", "")


def tel(number: str) -> str:
    """The link that calls a number."""
    return f"tel:{digits(number)}"
