"""Findings: everything that ``medvind doctor`` can find, with what to do. ``docs/doctor.md`` explains each code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["act", "look", "know"]
"""People notice it, or soon will; somebody has to see to it; it is good to know, and nothing has to be done."""

SEVERITIES: tuple[Severity, ...] = ("act", "look", "know")


class Kind(NamedTuple):
    """One kind of finding. ``remedy`` is what to do, in full sentences."""

    title: str
    severity: Severity
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found. It holds numbers, names of channels and machines, and nothing of any person."""

    code: str
    severity: Severity
    sentence: str
    remedy: str


def found(code: str, sentence: str) -> Finding:
    """A finding of the catalogue."""
    kind = CATALOGUE[code]
    return Finding(code, kind.severity, sentence, kind.remedy)


def rank(finding: Finding) -> tuple[int, str]:
    """What matters most comes first."""
    return SEVERITIES.index(finding.severity), finding.code


CATALOGUE: Mapping[str, Kind] = {
    "MD001": Kind(
        "The database cannot be reached",
        "act",
        "See that the database server runs and that MEDVIND_DATABASE_URL is right. Run this as the user that Medvind "
        "runs as. Medvind goes on by itself when the database is back.",
    ),
    "MD002": Kind(
        "There is no database yet",
        "act",
        "See that MEDVIND_FOLDER or MEDVIND_DATABASE_URL is the one that Medvind runs with. The first start makes the "
        "database.",
    ),
    "MD003": Kind(
        "The tables are of an older form",
        "act",
        "Start this Medvind: a start brings the tables up to date. Make a backup before.",
    ),
    "MD004": Kind(
        "The tables are of a newer form",
        "act",
        "Install the Medvind that was used last on every machine, or restore the backup from before it.",
    ),
    "MD005": Kind(
        "Nobody runs",
        "act",
        "Start Medvind. If it was running, its log says why it ended.",
    ),
    "MD006": Kind(
        "A process is silent",
        "look",
        "See whether its machine is up and reaches the database. Others take over what it did; start it again when it "
        "has ended.",
    ),
    "MD007": Kind(
        "Two versions run at once",
        "look",
        "Finish the upgrade: restart the processes of the older version.",
    ),
    "MD008": Kind(
        "Clocks are apart",
        "look",
        "Have all machines set their clocks by the network (NTP), the database's too. Check-ins go by the clocks of "
        "the machines that Medvind runs on.",
    ),
    "MD009": Kind(
        "Nobody leads for a bot",
        "act",
        "See that at least one process runs with the token of this bot. If it was so for more than a minute, restart "
        "one process and look into its log.",
    ),
    "MD010": Kind(
        "A channel is in trouble",
        "act",
        'Mend what the channel says. "Unauthorized" means that the token was revoked: take the new one from BotFather, '
        "set it, and restart. Messages wait, and leave when it is mended.",
    ),
    "MD011": Kind(
        "A channel has not answered for a while",
        "act",
        "See that this machine reaches the channel: its network, its proxy, and whether the channel itself has "
        "trouble. Messages wait, and people are asked again after it.",
    ),
    "MD012": Kind(
        "A channel asked us to wait",
        "look",
        "Nothing has to be done when it is for minutes. When it comes again and again, send less at a time "
        "(MEDVIND_TELEGRAM_PER_SECOND) or use a second bot.",
    ),
    "MD013": Kind(
        "Messages wait too long",
        "act",
        "See what else is found about this channel. If it is a bot that is no longer in the settings, set its token "
        "again, or invite its people into another channel.",
    ),
    "MD014": Kind(
        "Messages were given up",
        "look",
        "The log says why the channel would not take them. Those who cannot be reached are marked for coordinators on "
        "the staff pages.",
    ),
    "MD015": Kind(
        "Check-ins and reminders are late",
        "act",
        "If a process runs, its log says what keeps it. If it is too slow, start another one (PostgreSQL). What is too "
        "late for its day is left out.",
    ),
    "MD016": Kind(
        "Check-ins were missed",
        "know",
        "Nothing: they come again at their next time. They are not made up for, so that nobody gets two at once.",
    ),
    "MD017": Kind(
        "Digest mails are held",
        "look",
        "Nobody knows whether they arrived, so they are not sent again. The digest pages have everything. If it comes "
        "again, look into the log of the mail server.",
    ),
    "MD018": Kind(
        "Digest mails are late",
        "act",
        "See that the mail server answers (MEDVIND_SMTP_HOST). They are tried again every minute for four hours; the "
        "digest pages have everything at any time.",
    ),
    "MD019": Kind(
        "Background work was given up",
        "look",
        "The log of that time says what broke. The next round begins anew; if it comes again, report it.",
    ),
    "MD020": Kind(
        "Something came in that nobody could read",
        "look",
        "The log says where it broke; report it with that line. What came is kept for eight days.",
    ),
    "MD021": Kind(
        "Messages could not be answered",
        "look",
        "Their senders were told. The log says where it broke; report it with that line.",
    ),
    "MD022": Kind(
        "A help line has to be checked soon",
        "look",
        "Call the number, write today's date in the programme file, and restart. From its 181st day on nobody new can "
        "be added.",
    ),
    "MD023": Kind(
        "The programme cannot be used",
        "act",
        "Mend it before the next start: Medvind does not start with it. What runs goes on with what it read.",
    ),
    "MD024": Kind(
        "A language is not offered",
        "look",
        "Mend its catalogue (medvind translate check says what is wrong), have it reviewed, or take it out of the "
        "programme file.",
    ),
    "MD025": Kind(
        "The disk is almost full",
        "act",
        "Make room now. On a full disk nothing is confirmed, and people are told that their messages were not saved.",
    ),
    "MD026": Kind(
        "The write-ahead log is large",
        "look",
        "Something reads the database for very long, perhaps a backup or another program. End it; a restart of Medvind "
        "makes the file small again.",
    ),
    "MD027": Kind(
        "Nobody new can be added",
        "act",
        "See to it in the programme file, and restart. Those who are here already go on meanwhile.",
    ),
    "MD028": Kind(
        "The programme file is not what is in force",
        "look",
        "What two people agreed to last stays in force. Have two coordinators agree to the file (medvind programme "
        "publish, or Programme on the staff pages), or bring the file up to date (medvind programme show).",
    ),
    "MD029": Kind(
        "People's own words are not translated",
        "look",
        "See that this machine reaches the server in MEDVIND_TRANSLATE_URL, and that the server runs. Words wait for "
        "it for three days; what stands on the pages meanwhile is the original.",
    ),
    "MD030": Kind(
        "The translator does not know a language",
        "look",
        "Add the language to that server. Until then words in it stand as they were written, and specialists can write "
        "a translation that was read out to them.",
    ),
    "MD031": Kind(
        "Somebody on the staff was not told",
        "act",
        "See that mail leaves (MEDVIND_SMTP_HOST) and that the addresses under Staff are right; the log names who by "
        "number. What was given up is not sent again: tell them yourself to look under Emergency.",
    ),
}
