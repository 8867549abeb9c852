"""Programme: what one deployment decides: its name, languages, help lines, promises, and which dialogues it holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from bot.programme import words
from bot.programme.help_lines import HelpLine, read_numbers
from bot.programme.missing import Missing, missing
from bot.programme.role_card import read_role_card
from bot.programme.statements import Statements, read_statements
from bot.roles import RoleCard
from bot.section import Mistakes, Section, read_yaml

READS = ("on working days", "twice a week", "once a week")

_LONGEST_FILE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A deployment as its operator wrote it. A dialogue that it does not name is empty, and then nobody is asked it."""

    service: str
    """What participants see as its name. Neutral: others may see the phone."""
    country: str
    languages: tuple[str, ...]
    """Those that may be offered, in this order, when they are complete."""
    host_language: str
    """What people around speak: a sentence in it can be shown to someone near."""
    time_zone: str
    ambulance: str
    police: str
    """Empty where one number serves for both."""
    lines: tuple[HelpLine, ...]
    reads: str
    """How often what is shared is read: one of ``READS``."""
    answers_within: int
    """Working days for a request, where a specialist has said nothing else: one of ``words.WITHIN``."""
    machine_drafts: bool
    """Whether texts that a machine drafted may be shown, marked as such."""
    example: bool
    """Not for real people: shown as an example everywhere, and nothing has to be signed or checked."""
    statements: Statements
    role_card: RoleCard | None
    first: str
    check_in: str
    at_work: str
    """The check-in of people with a job or a trial: instead of ``check_in`` the first six times, then every second."""
    later: tuple[str, ...]
    """Dialogues asked one at a time after the first check-in."""
    topics: str
    """In which people choose what they may be asked about."""
    situation: str
    """In which people say whether they have a job, a trial or neither."""
    time: str
    """In which people choose when check-ins come."""
    too_much: str
    """That offers something less after two check-ins that were left alone."""
    after_break: str
    """That asks what somebody wants who is back after a break, in place of the first check-in."""
    any_time: tuple[str, ...]
    """What people can begin at any time, in the order of the menu."""
    now_and_then: tuple[tuple[str, timedelta], ...]
    """What is offered after a check-in, and how long each stays away after it was held."""
    pulse: str
    """A few questions in between, for those who chose it."""
    agreement: str
    """In which people answer an agreement that was proposed to them."""
    agreement_day: str
    """In which people say what came of an agreement, on its day."""
    new_specialist: str
    """In which people choose what a new specialist sees."""
    new_agreement: str
    """In which people propose an agreement: what they shared can become one there."""
    before_start: str
    """What is offered once in the week before a first day that somebody told of."""
    own_check_in: str
    """The specialists' own, which only they themselves see."""

    @property
    def dialogues(self) -> tuple[str, ...]:
        """Every dialogue that it names, in the order of the file."""
        named = (self.first, self.check_in, self.at_work, *self.later, self.topics, self.situation, self.time)
        offered = (
            self.too_much,
            self.after_break,
            *self.any_time,
            *(name for name, _ in self.now_and_then),
            self.pulse,
        )
        on_occasion = (
            self.agreement,
            self.agreement_day,
            self.new_specialist,
            self.new_agreement,
            self.before_start,
            self.own_check_in,
        )
        return tuple(filter(None, dict.fromkeys((*named, *offered, *on_occasion))))

    def is_check_in(self, dialogue: str) -> bool:
        """Whether it is held again and again: the usual one, or that of people at work."""
        return bool(dialogue) and dialogue in (self.check_in, self.at_work)

    @property
    def opened_by_people(self) -> frozenset[str]:
        """What people can begin on their own: what is in the menu, what they once chose about taking part, and what is
        offered to them."""
        chosen = (*self.later, self.topics, self.situation, self.time)
        return frozenset((*self.any_time, *chosen, self.new_agreement, self.before_start)) - {""}

    def missing(self, today: date) -> tuple[Missing, ...]:
        """What keeps new people from being taken in, on this day. An example needs nothing."""
        return () if self.example else tuple(missing(self.statements, self.role_card, self.lines, today))

    def without(self, dialogues: Collection[str]) -> Programme:
        """The same, but nobody is offered these dialogues: not in the menu, not after a check-in."""
        return replace(
            self,
            later=tuple(name for name in self.later if name not in dialogues),
            any_time=tuple(name for name in self.any_time if name not in dialogues),
            now_and_then=tuple((name, rest) for name, rest in self.now_and_then if name not in dialogues),
        )

    def of_one(self, dialogue: str) -> Programme:
        """The same with one dialogue: the first, every check-in, and nothing beside it."""
        return replace(
            self,
            first=dialogue,
            check_in=dialogue,
            at_work="",
            later=(),
            topics="",
            situation="",
            time="",
            too_much="",
            after_break="",
            any_time=(),
            now_and_then=(),
            pulse="",
            agreement="",
            agreement_day="",
            new_specialist="",
            new_agreement="",
            before_start="",
            own_check_in="",
        )


class ProgrammeRefused(Exception):
    """The programme cannot be used as it is written. ``mistakes`` are all that were found, each with its line."""

    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(f"{file}:{line}  {message}" for line, message in self.mistakes))


def load_programme(path: Path, today: date) -> Programme:
    """The programme of a file. Raises ProgrammeRefused, also when the file is not there."""
    return read_programme(read_file(path), today, str(path))


def read_file(path: Path) -> str:
    """The text of a programme file. Raises ProgrammeRefused."""
    try:
        return path.read_bytes()[: _LONGEST_FILE + 1].decode("utf-8")
    except FileNotFoundError:
        raise ProgrammeRefused(str(path), [(1, "This file is not there.")]) from None
    except (OSError, UnicodeDecodeError):
        raise ProgrammeRefused(str(path), [(1, "This cannot be read. Is it a plain text file in UTF-8?")]) from None


def read_programme(text: str, today: date, file: str = "programme.yaml") -> Programme:
    """The programme of a text. Raises ProgrammeRefused with every mistake at once. A day after ``today`` is one."""
    mistakes: Mistakes = []
    if len(text) > _LONGEST_FILE:
        raise ProgrammeRefused(file, [(1, "This file is too long to be a programme.")])
    top = read_yaml(text, mistakes)
    programme = _programme(top, today) if top else None
    if mistakes or programme is None:
        raise ProgrammeRefused(file, mistakes)
    return programme


def _programme(top: Section, today: date) -> Programme:
    numbers = read_numbers(top.section("help"), today)
    languages = top.parsed_list("languages", words.language)
    if not languages:
        top.wrong('"languages" needs at least one language, like [en, nb].')
    programme = Programme(
        service=top.text("service"),
        country=top.parsed("country", words.country, ""),
        languages=languages,
        host_language=top.parsed("host language", words.language, ""),
        time_zone=top.parsed("time zone", words.time_zone, ""),
        ambulance=numbers.ambulance,
        police=numbers.police,
        lines=numbers.lines,
        reads=top.one_of("specialist reads", READS),
        answers_within=top.parsed("answers within", words.within, words.USUALLY_WITHIN, needed=False),
        machine_drafts=top.yes("machine drafts"),
        example=top.yes("example"),
        statements=read_statements(top.section("statements", needed=False), today),
        role_card=read_role_card(top.section("role card", needed=False)),
        first=top.parsed("first", words.dialogue, ""),
        check_in=top.parsed("check-in", words.dialogue, ""),
        at_work=_named(top, "at work"),
        later=top.parsed_list("later", words.dialogue),
        topics=_named(top, "topics"),
        situation=_named(top, "situation"),
        time=_named(top, "time"),
        too_much=_named(top, "too much"),
        after_break=_named(top, "after a break"),
        any_time=top.parsed_list("any time", words.dialogue),
        now_and_then=top.parsed_pairs("now and then", words.dialogue, words.between),
        pulse=_named(top, "pulse"),
        agreement=_named(top, "agreement"),
        agreement_day=_named(top, "agreement day"),
        new_specialist=_named(top, "new specialist"),
        new_agreement=_named(top, "new agreement"),
        before_start=_named(top, "before a start"),
        own_check_in=_named(top, "own check-in"),
    )
    _check_own(top, programme)
    top.close()
    return programme


def _named(top: Section, key: str) -> str:
    """The dialogue that stands after a key that can be left out."""
    return top.parsed(key, words.dialogue, "", needed=False)


def _check_own(top: Section, programme: Programme) -> None:
    """What specialists are asked about themselves is asked of nobody else."""
    own = programme.own_check_in
    if own and own in replace(programme, own_check_in="").dialogues:
        top.wrong(f'"own check-in": "{own}" is for specialists. Participants need another dialogue.')
