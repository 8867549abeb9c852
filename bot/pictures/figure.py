"""Figure: a picture on a page, with the same in words before it."""

from __future__ import annotations

from markupsafe import Markup

from bot.pictures.model import Picture
from bot.pictures.svg import svg
from bot.pictures.twin import said_beside

_FIGURE = Markup(
    '<figure class="picture" lang="{tag}" dir="{direction}"><figcaption>{title}</figcaption>{words}{drawn}</figure>'
)
_WORDS = Markup("<ul>{}</ul>")
_LINE = Markup("<li>{}</li>")


def figure(picture: Picture, language: str, direction: str, name: str, text: str = "") -> Markup:
    """A piece of a page in the language that the picture is worded in. ``direction`` is "rtl" or "ltr", ``name`` the
    beginning of its ids, one of a kind on the page. What ``text``, which stands above it, says already is not said
    again."""
    lines = Markup("").join(_LINE.format(line) for line in said_beside(picture, text))
    drawn = svg(picture, from_right=direction == "rtl", name=name)
    return _FIGURE.format(
        tag=language.replace("_", "-"),
        direction=direction,
        title=picture.title,
        words=_WORDS.format(lines) if lines else "",
        drawn=Markup(drawn),  # noqa: S704, everything in it is escaped where it is made
    )
