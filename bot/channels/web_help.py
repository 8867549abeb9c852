"""HelpPages: "Help now" in every language, made at start and kept in memory: it needs no database and no session."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import hdrs, web
from babel import Locale
from babel.lists import format_list

from bot.catalogs import Catalogs
from bot.catalogs.language import locale_of
from bot.channels.web_pages import Pages
from bot.dates import full_date
from bot.programme import HelpLine, Hours, Programme
from dialogues.texts import fill


@dataclass(frozen=True, slots=True)
class _ShownLine:
    """A help line as it stands on the page of one language."""

    name: str
    about: str
    call: str
    text: str
    chat: str
    cost: str
    interpreter: bool
    hours: str
    languages: str
    checked: str


@dataclass(frozen=True, slots=True)
class _ForOthers:
    """A sentence to show to someone near, in the language that is spoken around."""

    language: str
    words: str


class HelpPages:
    """The finished pages by language."""

    def __init__(self, pages: Pages, catalogs: Catalogs, programme: Programme) -> None:
        self._pages, self._catalogs = pages, catalogs
        self.use(programme)

    def use(self, programme: Programme) -> None:
        """From now on, the numbers of another programme."""
        self._programme = programme
        self._bodies = {code: gzip.compress(self._page(code).encode(), mtime=0) for code in self._pages.languages}

    def response(self, request: web.Request, language: str) -> web.Response:
        """The page. A browser may keep it for an hour, so that it also opens when there is no connection."""
        body = self._bodies[language]
        headers = {hdrs.CACHE_CONTROL: "private, max-age=3600", hdrs.VARY: hdrs.ACCEPT_ENCODING}
        if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        else:
            body = gzip.decompress(body)
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)

    def personal(self, language: str, own_contacts: Sequence[tuple[str, str]]) -> web.Response:
        """The page with the numbers that somebody saved, each with what it is called. No browser keeps it."""
        headers = {hdrs.CACHE_CONTROL: "no-store"}
        return web.Response(text=self._page(language, own_contacts), content_type="text/html", headers=headers)

    def _page(self, code: str, own_contacts: Sequence[tuple[str, str]] = ()) -> str:
        return self._pages.render(
            "help.html",
            code,
            lines=[_shown(line, code, self._catalogs.ui(code)) for line in self._programme.lines],
            own_contacts=own_contacts,
            shown=_for_others(self._catalogs, self._programme, code),
        )


def _shown(line: HelpLine, code: str, texts: Mapping[str, str]) -> _ShownLine:
    locale = locale_of(code)
    return _ShownLine(
        name=line.name,
        about=line.about,
        call=line.call,
        text=line.text,
        chat=line.chat,
        cost=line.cost,
        interpreter=line.interpreter,
        hours=_hours(line.hours, locale, texts),
        languages=format_list([_language(each, locale) for each in line.languages], locale=locale),
        checked=full_date(line.checked, code) if line.checked else "",
    )


def _hours(hours: Hours | None, locale: Locale, texts: Mapping[str, str]) -> str:
    if hours is None:
        return texts["ui/help.hours.always"]
    names = [str(locale.days["format"]["wide"][day - 1]) for day in hours.days]
    days = f"{names[0]} – {names[-1]}" if len(names) > 2 else format_list(names, locale=locale)
    return fill(texts["ui/help.hours.some"], {"days": days, "start": hours.start, "end": hours.end})


def _language(code: str, locale: Locale) -> str:
    known = locale_of(code)
    return locale.languages.get(str(known)) or known.get_display_name(locale) or code


def _for_others(catalogs: Catalogs, programme: Programme, code: str) -> _ForOthers | None:
    """None where people around speak the person's language, or ours does not know theirs."""
    host = programme.host_language
    if host == code or host not in catalogs.languages:
        return None
    values = {"number": programme.ambulance, "language": _language(code, locale_of(host))}
    return _ForOthers(host, fill(catalogs.ui(host)["ui/help.show_words"], values))
