"""Drawings: the small pictures beside options and the faces beside points of a scale, in the colour of the text.

All have one width of line and no colour. What some people take for rude or for a judgement is not among them: hands
that show a sign, crosses, clocks, piggy banks (``docs/pictures.md``).
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from bot.pictures.faces import EYES, FACES, MIDDLE, RADIUS, path
from dialogues.drawings import FACE

_SVG = Markup(
    '<svg class="icon drawn{kind}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
    "{shapes}</svg>"
)

_WAYS = frozenset(("book", "door", "list", "paper", "send", "u_turn", "words"))
"""Those that read from one side: they are turned round where reading begins at the right."""

_SHAPES: Mapping[str, str] = {
    "ache": '<circle cx="9" cy="5" r="2.5"/><path d="M5 21v-7a4 4 0 0 1 8 0v7M18 3l-2.5 4h4L17 11"/>',
    "arrows": '<path d="M4 8.5h15M15 4.5l4 4-4 4M20 16H5M9 12l-4 4 4 4"/>',
    "balance": '<path d="M12 3v18M8 21h8M4.5 9 19 5M4.5 9l-2.5 6h5zM19 5l-2.5 6h5z"/>',
    "book": '<path d="M12 6.5C10 5 7 4.5 3 4.5v14c4 0 7 .5 9 2 2-1.5 5-2 9-2v-14c-4 0-7 .5-9 2zM12 6.5v14"/>',
    "box": '<path d="M3 9.5 7 5h10l4 4.5M3 9.5V20h18V9.5zM3 9.5h6l1.5 3h3l1.5-3h6"/>',
    "briefcase": '<rect x="3" y="8" width="18" height="12" rx="2"/><path d="M8.5 8V5h7v3M3 13.5h18"/>',
    "bubble": '<path d="M4 5h16v11H10l-4.5 4v-4H4z"/>',
    "building": '<path d="M5 21V3h10v18M15 9h4v12M3 21h18M8.5 7.5h3M8.5 12h3M8.5 16.5h3"/>',
    "bus": '<rect x="4" y="4" width="16" height="14" rx="2"/><path d="M4 12h16M7 18v3M17 18v3M8 15h.01M16 15h.01"/>',
    "calendar": '<rect x="3" y="5" width="18" height="16" rx="2"/>'
    '<path d="M3 10h18M8 2.5V7M16 2.5V7M8 14h.01M12 14h.01M16 14h.01M8 17.5h.01M12 17.5h.01"/>',
    "cup": '<path d="M4 10h12v6a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4zM16 11.5h2a2.5 2.5 0 0 1 0 5h-2M8 3.5V6M12 3.5V6"/>',
    "desk": '<circle cx="12" cy="5.5" r="3"/><path d="M6.5 15v-.5a5.5 5.5 0 0 1 11 0v.5M2.5 15h19M5 15v6M19 15v6"/>',
    "diploma": '<path d="M10 16H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h16a1 1 0 0 1 1 1v6M7 8.5h8M7 12h4"/>'
    '<circle cx="16.5" cy="14.5" r="2.8"/><path d="m15 17-.8 4 2.3-1.3 2.3 1.3-.8-4"/>',
    "door": '<path d="M14 4H6v16h8M10.5 12H21M17 8l4 4-4 4"/>',
    "empty": '<circle cx="12" cy="12" r="8.5" stroke-dasharray="2.9 3.8"/>',
    "envelope": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7 8.5 6.5L20.5 7"/>',
    "family": '<circle cx="6.5" cy="5.5" r="2.5"/><circle cx="17.5" cy="5.5" r="2.5"/><circle cx="12" cy="12.5" r="2"/>'
    '<path d="M2.5 20v-6a4 4 0 0 1 5.5-3.7M21.5 20v-6a4 4 0 0 0-5.5-3.7M8.5 21v-1a3.5 3.5 0 0 1 7 0v1"/>',
    "flag": '<path d="M5 21.5v-18M5 4.5c5-2.5 9 2.5 14 0V13c-5 2.5-9-2.5-14 0"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18"/>',
    "headphones": '<path d="M4 16v-3a8 8 0 0 1 16 0v3"/><rect x="3" y="14" width="4.5" height="6.5" rx="1.5"/>'
    '<rect x="16.5" y="14" width="4.5" height="6.5" rx="1.5"/>',
    "heart": '<path d="M12 20.5 4.5 13a4.8 4.8 0 0 1 7.5-6 4.8 4.8 0 0 1 7.5 6z"/>',
    "hourglass": '<path d="M6 3h12M6 21h12M7 3c0 6 4 6 4 9s-4 3-4 9M17 3c0 6-4 6-4 9s4 3 4 9"/>',
    "house": '<path d="m3 11 9-7.5 9 7.5M5.5 9.5V20.5h13V9.5M10 20.5v-6h4v6"/>',
    "image": '<rect x="3" y="4" width="18" height="16" rx="2"/><circle cx="8.5" cy="9" r="1.5"/>'
    '<path d="m3.5 18 5.5-5 3.5 3 3.5-3.5 4.5 4.5"/>',
    "lifebuoy": '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="4"/>'
    '<path d="m5.6 5.6 3.6 3.6M14.8 14.8l3.6 3.6M18.4 5.6l-3.6 3.6M9.2 14.8l-3.6 3.6"/>',
    "list": '<path d="M9.5 6H20M9.5 12H20M9.5 18H20M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>',
    "magnifier": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
    "meeting": '<circle cx="5.5" cy="6" r="2.5"/><circle cx="18.5" cy="6" r="2.5"/>'
    '<path d="M2.5 20v-5.5a3 3 0 0 1 6 0M21.5 20v-5.5a3 3 0 0 0-6 0M7 14.5h10M12 14.5V20"/>',
    "money": '<rect x="2.5" y="6" width="19" height="12" rx="2"/><circle cx="12" cy="12" r="2.8"/>'
    '<path d="M6 12h.01M18 12h.01"/>',
    "moon": '<path d="M19.5 14.5A8.5 8.5 0 0 1 9.5 4.5a8.5 8.5 0 1 0 10 10z"/>',
    "paper": '<path d="M6 3h8l4.5 4.5V21H6zM14 3v4.5h4.5M9 12h6.5M9 16h6.5"/>',
    "passport": '<rect x="5" y="3" width="14" height="18" rx="2"/><circle cx="12" cy="10" r="3.2"/><path d="M9 17h6"/>',
    "people": '<circle cx="8" cy="7.5" r="3"/><circle cx="16.5" cy="7.5" r="2.5"/>'
    '<path d="M2.5 20v-1.5a5.5 5.5 0 0 1 11 0V20M16 13a5 5 0 0 1 5.5 5V20"/>',
    "person": '<circle cx="12" cy="7" r="3.5"/><path d="M5.5 21v-1.5a6.5 6.5 0 0 1 13 0V21"/>',
    "phone": '<path d="M6 3h3.5l1.8 4.6-2.2 1.7a12 12 0 0 0 5.6 5.6l1.7-2.2 4.6 1.8V18a3 3 0 0 1-3 3A15 15 0 0 1 3 6'
    'a3 3 0 0 1 3-3z"/>',
    "pill": '<rect x="2.5" y="8" width="19" height="8" rx="4" transform="rotate(-40 12 12)"/><path d="m9.4 9 5.2 6"/>',
    "pressure": '<path d="M12 2.5v6M9 6l3 3 3-3M12 21.5v-6M9 18l3-3 3 3M3.5 12h17"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.3 9.5a2.8 2.8 0 1 1 4 2.5c-.9.5-1.3 1-1.3 2M12 17v.01"/>',
    "read_and_listen": '<path d="M12 13.5c-2-1.3-5-1.7-9-1.7V21c4 0 7 .4 9 1.5 2-1.1 5-1.5 9-1.5v-9.2c-4 0-7 .4-9 1.7z'
    'M12 13.5v9M6 8.5V8a6 6 0 0 1 12 0v.5M6 6.8v2M18 6.8v2"/>',
    "send": '<path d="M3 4.5 21 12 3 19.5 6 12zM6 12h15"/>',
    "signpost": '<path d="M12 3v18M9 21h6M12 5h6l2.5 2.5L18 10h-6M12 11.5H6L3.5 14 6 16.5h6"/>',
    "sound": '<path d="M3 9.5v5h4l5.5 4.5v-14L7 9.5zM16 9a4 4 0 0 1 0 6M18.5 6a8 8 0 0 1 0 12"/>',
    "stack": '<rect x="5" y="2.5" width="10" height="5.5"/><rect x="8" y="8" width="12" height="6"/>'
    '<rect x="3.5" y="14" width="15" height="7"/>',
    "stairs": '<path d="M3 20.5h4.5V16H12v-4.5h4.5V7H21V3.5"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4'
    'M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"/>',
    "talk": '<path d="M3 4h12v8H8.5L5.5 15v-3H3zM18 8h3v9h-2.5v3.5L15 17H9.5"/>',
    "thought": '<path d="M7.5 15a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.3 1A3.6 3.6 0 0 1 17 15z"/>'
    '<circle cx="7" cy="18.2" r="1.2"/><path d="M4 21.3h.01"/>',
    "tree": '<path d="M12 21.5V11M12 16.5l3.5-3M8.5 21.5h7'
    'M12 17.5H8.5a5 5 0 0 1-1.8-9.6 5.5 5.5 0 0 1 10.6 0 5 5 0 0 1-1.8 9.6H12"/>',
    "u_turn": '<path d="M6 21V10a5.5 5.5 0 0 1 11 0v6M13 12.5l4 4 4-4"/>',
    "words": '<path d="M4 4h16v12H10l-4.5 4v-4H4zM8 8.2h8M8 11.8h5"/>',
}


def _face(number: int) -> str:
    eyes = "".join(f"M{across:g} {down:g}v.01" for across, down in EYES)
    return f'<circle cx="{MIDDLE:g}" cy="{MIDDLE:g}" r="{RADIUS:g}"/><path d="{eyes}{path(FACES[number])}"/>'


SHAPES: Mapping[str, str] = {**_SHAPES, **{name: _face(number) for number, name in enumerate(FACE)}}
"""What each drawing consists of, in a square of 24."""


def drawing(name: str) -> Markup:
    """A piece of a page; nothing for "" and for a drawing that is not known: the words stand there anyway. Screen
    readers pass over it."""
    if name not in SHAPES:
        return Markup("")
    kind = " face" if name in FACE else " way" if name in _WAYS else ""
    return _SVG.format(kind=kind, shapes=Markup(SHAPES[name]))  # noqa: S704, it is a constant of this module
