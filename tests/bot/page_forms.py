"""Seen: a page as a person without scripts uses it: what stands there, and forms that send what is filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = list[tuple[str, str]]
_SILENT = {"style", "script", "template", "title"}


@dataclass
class Form:
    """One form. ``boxes`` and ``buttons`` go by their text."""

    action: str
    hidden: Fields = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, tuple[str, str]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    def sent(self, button: str, ticked: tuple[str, ...] = (), text: str | None = None) -> Fields:
        """What a browser sends when ``button`` is pressed."""
        typed = dict.fromkeys(self.texts, text) if text is not None else self.texts
        pressed = self.buttons[button]
        boxes = [self.boxes[label] for label in ticked]
        return [*self.hidden, *boxes, *typed.items(), *([pressed] if pressed else [])]


class Seen(HTMLParser):
    """A page, parsed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words = ""
        self._silent = 0
        self._label: list[tuple[str, dict[str, str], str]] = []
        self.feed(html)

    def form(self, button: str) -> Form:
        """The form that has this button."""
        found = [form for form in self.forms if button in form.buttons]
        assert found, f"no button {button!r} among {[list(form.buttons) for form in self.forms]}"
        return found[0]

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms, and what can be filled in."""
        given = {key: value or "" for key, value in attrs}
        self._silent += name in _SILENT
        match name:
            case "form":
                self.forms.append(Form(given.get("action", "")))
            case "input" if given.get("type") == "hidden":
                self.forms[-1].hidden.append((given["name"], given["value"]))
            case "input" if given.get("type") == "checkbox":
                assert "checked" not in given
                self._label[-1] = ("checkbox", given, "")
            case "input":
                self.forms[-1].texts[given["name"]] = given.get("value", "")
            case "textarea":
                self._label.append((name, given, ""))
            case "button" | "label":
                self._label.append((name, given, ""))

    def handle_data(self, data: str) -> None:
        """What stands there."""
        if not self._silent:
            self.words += data
        if self._label:
            name, given, text = self._label[-1]
            self._label[-1] = (name, given, text + data)

    def handle_endtag(self, name: str) -> None:
        """Buttons and boxes are known by their text."""
        self._silent -= name in _SILENT
        if name not in ("button", "label", "textarea"):
            return
        kind, given, text = self._label.pop()
        label = " ".join(text.split())
        match kind:
            case "button":
                self.forms[-1].buttons[label] = (given["name"], given["value"]) if "name" in given else None
            case "checkbox":
                self.forms[-1].boxes[label] = (given["name"], given["value"])
            case "textarea":
                self.forms[-1].texts[given["name"]] = text.removeprefix("\n")
