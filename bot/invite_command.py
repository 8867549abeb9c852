"""Invite command: what ``medvind invite`` does: a way in for one person, in a messenger or in the web chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot import newcomers, qr
from bot.admission import OPERATOR
from bot.app import now
from bot.catalogs.language import SOURCE
from bot.config import Settings
from bot.dates import short_date
from bot.invitation import Invitation, invite
from bot.newcomers import LONGEST_NAME, NobodyNew, NotAdded
from bot.people_commands import Deployment, NotDone, Say, deployment
from bot.programme import told
from storage import people
from storage.addresses import ACTIVE, UNREACHABLE
from storage.people import Participant, Staff
from storage.vault import Erased


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. Of ``name``, ``participant`` and ``revoke`` there is one."""

    name: str = ""
    pseudonym: str = ""
    language: str = ""
    specialist: str = ""
    """Mail or number. Not needed where there is only one."""
    participant: int | None = None
    bot: str = ""
    """What people call it in Telegram. Without it Telegram is asked."""
    qr: Path | None = None
    web: bool = False
    move: bool = False
    revoke: int | None = None
    terminal: bool = False
    """Whether pictures can be shown."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that people can be invited to. What is not known of it is empty."""

    name: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class _Made:
    person: Participant
    specialist: Staff | None
    invitation: Invitation | None
    web: str
    """The path of a link to the web chat, or empty."""


async def make(settings: Settings, say: Say, asked: Asked) -> None:
    """Make what was asked for, and say it once. Raises NotDone, and what ``bot.people_commands.deployment`` raises."""
    _check(asked)
    async with deployment(settings) as at:
        if asked.revoke is not None:
            say(await _revoke(at, asked.revoke))
            return
        bot = None if asked.web and not asked.bot else await _bot(at, asked.bot)
        if asked.qr is not None and bot is not None and not bot.name:
            raise NotDone("There is no link to draw, because nobody knows what the bot is called. Name it: --bot NAME")
        when = now()
        made = await at.database.write(lambda conn: _make(conn, at, asked, bot, when))
    for line in _told(at, made, bot, asked.terminal):
        say(line)
    if asked.qr is not None:
        _draw(_links(at, made, bot)[0], asked.qr)
        say(f"The link is drawn in {asked.qr}. Whoever sees it can come in: take it away when it is used.")


def _check(asked: Asked) -> None:
    if sum((bool(asked.name), asked.participant is not None, asked.revoke is not None)) != 1:
        raise NotDone(
            'Say who it is for: medvind invite "Sam" --pseudonym S.K. for somebody new, '
            "medvind invite --participant 12 for somebody who is here, medvind invite --revoke 12 to take it back."
        )
    if not asked.name and (asked.pseudonym or asked.language or asked.specialist):
        raise NotDone("--pseudonym, --language and --specialist are for somebody new.")
    if asked.qr is not None and asked.qr.suffix.lower() not in qr.KINDS:
        raise NotDone(f"{asked.qr} cannot be drawn: a picture is a file that ends in {' or '.join(qr.KINDS)}.")


async def _revoke(at: Deployment, participant: int) -> str:
    def work(conn: Connection) -> str:
        person = _participant(conn, at, participant)
        newcomers.take_back(conn, person.id, OPERATOR, now())
        return f"No invitation of {person.pseudonym} opens anything now."

    return await at.database.write(work)


# Whom, and where ------------------------------------------------------------------------------------------------------


async def _bot(at: Deployment, name: str) -> Bot:
    """The bot that was named, or the only one of the settings. Raises NotDone."""
    if name:
        return Bot(name.rpartition("/")[2].removeprefix("@"))
    found = [await _asked_telegram(at, token) for token in at.settings.bot_tokens()]
    if len(found) > 1:
        raise NotDone(f"Say to which bot: {', '.join(f'--bot {bot.name}' for bot in found)}.")
    return found[0] if found else Bot()


async def _asked_telegram(at: Deployment, token: str) -> Bot:
    from bot.channels.telegram.bot import channel_of
    from bot.channels.telegram.client import TelegramClient, Trouble

    client = TelegramClient(token, at.catalogs, base_url=at.settings.telegram_api)
    try:
        me = await client.start()
    except Trouble as trouble:
        raise NotDone(
            f"Telegram did not say what the bot is called ({trouble}). Nothing was made. Try again, or name the bot "
            "yourself: --bot NAME"
        ) from None
    finally:
        await client.close()
    return Bot(me.username, channel_of(token))


def _make(conn: Connection, at: Deployment, asked: Asked, bot: Bot | None, when: datetime) -> _Made:
    person = _participant(conn, at, asked.participant) if asked.participant is not None else _new(conn, at, asked, when)
    specialist = people.specialist_of(conn, person.id)
    if asked.move:
        newcomers.leave_messengers(conn, person.id, OPERATOR, when)
    if bot is not None:
        _must_not_be_reached(conn, person, bot)
    return _Made(
        person,
        people.staff(conn, at.vault, specialist) if specialist is not None else None,
        invite(conn, at.vault, person.id, OPERATOR, when, at.random) if bot is not None else None,
        newcomers.open_web_chat(conn, at.vault, person.id, OPERATOR, when, at.random) if asked.web else "",
    )


def _participant(conn: Connection, at: Deployment, number: int) -> Participant:
    try:
        return people.participant(conn, at.vault, number)
    except (KeyError, Erased):
        raise NotDone(f"There is no participant with the number {number}.") from None


def _new(conn: Connection, at: Deployment, asked: Asked, when: datetime) -> Participant:
    specialist, language = _specialist(conn, at, asked.specialist), at.language(asked.language)
    given = {"name": asked.name, "pseudonym": asked.pseudonym, "language": language}
    try:
        added = newcomers.add(conn, at.vault, at.programme, **given, specialist=specialist, by=OPERATOR, now=when)
    except NobodyNew as closed:
        raise NotDone(told(closed.missing, at.catalogs.ui(SOURCE))) from None
    except NotAdded as refused:
        raise NotDone(
            {
                "lacks": "A name and a pseudonym are needed, like --pseudonym S.K. Lists and mails show only that.",
                "long": f"There is room for {LONGEST_NAME} letters in a name and in a pseudonym.",
                "taken": f"{specialist.name} accompanies somebody who is called {asked.pseudonym} already.",
            }[refused.reason]
        ) from None
    return people.participant(conn, at.vault, added)


def _specialist(conn: Connection, at: Deployment, wished: str) -> Staff:
    """By mail or number; the only one where nobody is named. Raises NotDone."""
    everybody = people.all_staff(conn, at.vault, role="specialist")
    if not everybody:
        raise NotDone("There is no specialist yet: medvind staff add NAME --mail MAIL --role specialist")
    fits = [one for one in everybody if not wished or wished.casefold() in (one.mail.casefold(), str(one.id))]
    if len(fits) == 1:
        return fits[0]
    there = ", ".join(f"{one.id} ({one.mail})" for one in everybody)
    raise NotDone(f"Say which specialist accompanies the person, with --specialist. There is: {there}.")


def _must_not_be_reached(conn: Connection, person: Participant, bot: Bot) -> None:
    """The invitation would open nothing: nobody loses a chat because somebody else found a link."""
    reached = newcomers.channels_of(conn, person.id, ACTIVE, UNREACHABLE)
    if bot.channel in reached or (reached and not bot.channel):
        raise NotDone(
            f"{person.pseudonym} has a chat there already. For another phone or account add --move: the chat before is "
            "closed then."
        )


# What is said ---------------------------------------------------------------------------------------------------------


def _told(at: Deployment, made: _Made, bot: Bot | None, terminal: bool) -> Iterator[str]:
    person, specialist = made.person, made.specialist.name if made.specialist else "nobody yet"
    yield f"{person.pseudonym} is participant {person.id}, with {specialist}."
    yield ""
    for link in _links(at, made, bot):
        yield f"  {link}"
        yield qr.in_terminal(link) if terminal else ""
    if made.invitation is not None and bot is not None:
        yield from _about_invitation(at, made, made.invitation, bot)
    if made.web:
        yield f"The web chat opens as often as the person wants.{at.about_pages}"
    yield "All this is shown only now."


def _about_invitation(at: Deployment, made: _Made, invitation: Invitation, bot: Bot) -> Iterator[str]:
    today, zone = now().date(), at.programme.time_zone
    until = short_date(invitation.expires_at, zone=zone, today=today, language="en")
    yield f"  Code: {invitation.spoken}"
    yield ""
    if bot.name:
        yield f"The invitation opens once, until {until}: by the link, or when the code is written to @{bot.name}."
    else:
        yield f"The invitation opens once, until {until}, when the code is written to the bot. No link can be made"
        yield "without the bot's name: set MEDVIND_TELEGRAM_TOKENS, or add --bot NAME."
    yield "Whoever opens it is told a number, and nothing more before the number is confirmed."
    who = f"{made.specialist.name} does that on the overview page, or you do" if made.specialist else "You do that"
    yield f"{who} here: medvind confirm {made.person.id} NUMBER"


def _links(at: Deployment, made: _Made, bot: Bot | None) -> list[str]:
    messenger = [made.invitation.link(bot.name)] if made.invitation and bot and bot.name else []
    return [*messenger, *([f"{at.pages}{made.web}"] if made.web else [])]


def _draw(link: str, file: Path) -> None:
    try:
        qr.write(link, file)
    except OSError as error:
        raise NotDone(f"{file} cannot be written ({error.strerror}). The link above holds nevertheless.") from None
