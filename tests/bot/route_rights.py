"""Who may do what on the staff pages, as it is meant to be. ``docs/roles.md`` has the same table.

A new page needs a line here: which area it belongs to. Nobody may open a page only because nobody thought of it.
"""

from __future__ import annotations

from typing import NamedTuple

ROLES = ("specialist", "coordinator", "translator", "administrator", "auditor")


class Area(NamedTuple):
    """What somebody does there, as the docs say it; who may; and its routes: method and address."""

    does: str
    roles: tuple[str, ...]
    routes: tuple[str, ...]


AREAS = (
    Area(
        "Read what the own people shared, and answer them",
        ("specialist",),
        (
            "GET /digest",
            "GET /digest/{day}",
            "POST /digest/seen",
            "GET /people",
            "GET /people/{person}",
            "POST /people/{person}/admit",
            "POST /people/{person}/agreements",
            "POST /people/{person}/agreements/{number}",
            "POST /people/{person}/contact",
            "POST /people/{person}/reply",
            "POST /people/{person}/snooze",
            "POST /people/{person}/translation",
        ),
    ),
    Area(
        "Open what somebody else's person shared, in an emergency",
        ("specialist",),
        ("POST /emergency", "GET /emergency/{participant}", "POST /emergency/{participant}/end"),
    ),
    Area("See that something was opened in an emergency", ("specialist", "administrator"), ("GET /emergency",)),
    Area(
        "The own check-in, hours, and where one is told",
        ("specialist",),
        (
            "GET /hours",
            "POST /hours",
            "GET /own",
            "POST /own",
            "POST /own/answer",
            "POST /own/delete",
            "GET /own/{number}",
            "POST /own/{number}/delete",
            "GET /digest/telegram",
            "POST /digest/telegram",
            "POST /digest/telegram/end",
        ),
    ),
    Area(
        "Invite people, and plan leave",
        ("specialist", "coordinator"),
        ("GET /invite", "POST /invite", "GET /leave", "POST /leave", "POST /leave/end"),
    ),
    Area("Read the own mail in a demo", ("specialist", "administrator"), ("GET /demo/mail",)),
    Area("Turn the clock of a demo", ("specialist", "coordinator"), ("GET /demo", "POST /demo/turn")),
    Area(
        "See who is here and who works with whom, and change it",
        ("coordinator",),
        (
            "GET /participants",
            "POST /participants",
            "GET /participants/{participant}",
            "POST /participants/{participant}/specialist",
            "POST /participants/{participant}/zone",
            "POST /participants/{participant}/invitations",
        ),
    ),
    Area(
        "Change questions and publish them",
        ("coordinator",),
        (
            "POST /scripts",
            "GET /scripts/{dialogue}",
            "POST /scripts/{dialogue}",
            "POST /scripts/{dialogue}/change",
            "POST /scripts/{dialogue}/discard",
            "POST /scripts/{dialogue}/take",
            "POST /scripts/{dialogue}/check",
            "POST /scripts/{dialogue}/edit",
            "POST /scripts/{dialogue}/here",
            "GET /scripts/{dialogue}/publish",
            "POST /scripts/{dialogue}/publish",
            "GET /scripts/{dialogue}/history",
            "GET /scripts/{dialogue}/history/{version}",
            "POST /scripts/{dialogue}/history/{version}",
            "GET /scripts/{dialogue}/examples",
            "POST /scripts/{dialogue}/examples",
            "POST /scripts/{dialogue}/examples/{number}",
            "POST /scripts/{dialogue}/examples/{number}/remove",
            "GET /scripts/{dialogue}/preview",
            "POST /scripts/{dialogue}/preview",
            "GET /scripts/{dialogue}/flow",
            "GET /scripts/{dialogue}/script.yaml",
            "GET /publications/{number}",
            "POST /publications/{number}",
        ),
    ),
    Area(
        "Change the programme: help numbers, role card, statements",
        ("coordinator",),
        (
            "GET /programme",
            "GET /programme/{part}",
            "POST /programme/{part}",
            "POST /programme/draft/send",
            "POST /programme/draft/drop",
            "POST /programme/draft/renew",
            "POST /programme/draft/file",
            "POST /programme/drafts/{number}",
            "GET /programme/versions/{number}",
            "POST /programme/versions/{number}",
        ),
    ),
    Area(
        "Translate texts",
        ("coordinator", "translator"),
        (
            "GET /scripts",
            "GET /scripts/{dialogue}/texts",
            "GET /scripts/{dialogue}/texts/{language}",
            "POST /scripts/{dialogue}/texts/{language}",
            "GET /scripts/{dialogue}/texts.xlsx",
            "GET /scripts/{dialogue}/texts/{language}/texts.po",
            "GET /scripts/{dialogue}/review/{language}",
            "POST /scripts/{dialogue}/review/{language}",
            "GET /screens",
            "GET /screens/{language}",
            "POST /screens/{language}",
            "GET /recordings/{language}/{context}",
            "POST /scripts/{dialogue}/upload",
        ),
    ),
    Area(
        "Read the numbers of everybody together",
        ("coordinator", "administrator"),
        ("GET /numbers", "GET /numbers/{month}", "POST /numbers/{month}/file"),
    ),
    Area(
        "Let staff in and out, and read the settings",
        ("administrator",),
        (
            "GET /staff",
            "POST /staff",
            "GET /staff/{member}",
            "POST /staff/{member}",
            "POST /staff/{member}/reviews",
            "POST /staff/{member}/disable",
            "POST /staff/{member}/enable",
            "POST /staff/{member}/sessions",
            "POST /staff/{member}/entrance",
            "GET /settings",
        ),
    ),
    Area("Read the log of what was done", ("auditor",), ("GET /log", "GET /log/table.csv")),
    Area(
        "The own account: ways to sign in, sessions, language",
        ROLES,
        (
            "GET /account",
            "POST /account/language",
            "POST /account/sessions/end",
            "POST /account/app",
            "POST /account/app/set",
            "POST /account/app/remove",
            "POST /account/codes",
            "POST /account/organisation",
            "POST /account/organisation/remove",
            "POST /account/passkeys",
            "POST /account/passkeys/options",
            "POST /account/passkeys/{number}/remove",
            "GET /confirm",
            "POST /confirm",
            "POST /confirm/demo",
            "POST /confirm/organisation",
            "POST /confirm/passkey",
            "POST /confirm/passkey/options",
        ),
    ),
)

BEFORE_A_SESSION = (
    "GET /console/static/{name}",
    "GET /console/built/{name}",
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/code",
    "POST /sign-in/code",
    "GET /sign-in/second",
    "POST /sign-in/second",
    "POST /sign-in/passkey",
    "POST /sign-in/passkey/options",
    "POST /sign-in/organisation",
    "GET /sign-in/organisation/back",
    "GET /enrol",
    "POST /enrol",
    "GET /enrol/set-up",
    "POST /enrol/app",
    "POST /enrol/passkey",
    "POST /enrol/passkey/options",
    "POST /sign-out",
    "GET /s/{token}",
    "POST /s/{token}",
)
"""What there is without a session: style, and the ways in and out."""

OF_THE_PERSON = {
    "GET /people/{person}": ("own", "covered"),
    "POST /people/{person}/admit": ("own",),
    "POST /people/{person}/agreements": ("own",),
    "POST /people/{person}/agreements/{number}": ("own",),
    "POST /people/{person}/contact": ("own", "covered"),
    "POST /people/{person}/reply": ("own", "covered"),
    "POST /people/{person}/snooze": ("own", "covered"),
    "POST /people/{person}/translation": ("own",),
    "GET /emergency/{participant}": (),
    "POST /emergency/{participant}/end": ("own", "covered", "another's", "former", "unassigned"),
    "GET /participants/{participant}": ("own", "covered", "another's", "former", "unassigned"),
    "POST /participants/{participant}/specialist": ("own", "covered", "another's", "former", "unassigned"),
    "POST /participants/{participant}/zone": ("own", "covered", "another's", "former", "unassigned"),
    "POST /participants/{participant}/invitations": ("own", "covered", "another's", "former", "unassigned"),
}
"""For which people each page about one person exists, for who may open such a page. Without an emergency nobody is
there on its page, and ending what is not open is the same for everybody."""
