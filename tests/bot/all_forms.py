"""AllForms: every form of a page with what a browser would send of it, whatever fields it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_TYPED = {"text", "email", "search", "date", "time", "number", "tel", "url", "password"}


@dataclass
class PageForm:
    """One form. ``fixed`` is sent as it stands, ``typed`` is what somebody could write, ``buttons`` are the ways to
    send it: what each adds."""

    action: str
    method: str
    takes_files: bool
    fixed: list[tuple[str, str]] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str] | None] = field(default_factory=list)

    def sent(self, words: str | None = None) -> Iterator[list[tuple[str, str]]]:
        """What each button sends: with everything as it stands, or with these words in every field."""
        typed = self.typed if words is None else [(name, words) for name, _ in self.typed]
        for button in self.buttons or [None]:
            yield [*self.fixed, *typed, *([button] if button else [])]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[PageForm] = []
        self.by_id: dict[str, PageForm] = {}
        self._open: PageForm | None = None
        self._select: tuple[PageForm, str, list[tuple[bool, str]]] | None = None
        self._text: tuple[PageForm, str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method, kind = given.get("method", "get").upper(), given.get("enctype", "")
            self._open = PageForm(given.get("action", ""), method, kind == "multipart/form-data")
            self.found.append(self._open)
            self.by_id[given.get("id", "")] = self._open
        form = self.by_id.get(given["form"]) if "form" in given else self._open
        if form is None:
            return
        match tag:
            case "input":
                self._input(form, given)
            case "button" if given.get("type") != "button":
                form.buttons.append((given["name"], given.get("value", "")) if given.get("name") else None)
            case "select" if "name" in given:
                self._select = (form, given["name"], [])
            case "option" if self._select is not None:
                self._select[2].append(("selected" in given, given.get("value", "")))
            case "textarea" if "name" in given:
                self._text = (form, given["name"], "")

    def _input(self, form: PageForm, given: dict[str, str]) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if kind == "hidden" or (kind in ("checkbox", "radio") and "checked" in given):
            form.fixed.append((name, value))
        elif kind in _TYPED:
            form.typed.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text = (*self._text[:2], self._text[2] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select" and self._select is not None:
            form, name, options = self._select
            chosen = next((value for selected, value in options if selected), options[0][1] if options else "")
            form.fixed.append((name, chosen))
            self._select = None
        elif tag == "textarea" and self._text is not None:
            form, name, words = self._text
            form.typed.append((name, words.removeprefix("\n")))
            self._text = None


def all_forms(html: str) -> list[PageForm]:
    """In the order of the page."""
    page = _Forms()
    page.feed(html)
    return page.found
