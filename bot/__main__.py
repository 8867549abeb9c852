"""The ``medvind`` command. What it does is elsewhere and is loaded only when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from bot.catalogs.finding import Finding
    from bot.config import Settings
    from bot.publishing import Checked
    from dialogues.problems import Problem

app = typer.Typer(
    help="Medvind: short check-ins in the participant's own language. The participant decides what is shared.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Plain help is there three times as soon, and screen readers need not read its frames.
)
translate = typer.Typer(help="Texts and their translations.", no_args_is_help=True, rich_markup_mode=None)
staff = typer.Typer(help="Who works here.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(staff, name="staff")
app.add_typer(translate, name="translate")
audio = typer.Typer(help="Recordings of texts.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audio, name="audio")
programme = typer.Typer(help="What this service decides.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(programme, name="programme")

Script = Annotated[str, typer.Argument(help="The name of a script, e.g. weekly_checkin.")]
Scripts = Annotated[
    Path | None, typer.Option("--scripts", help="The folder with the scripts.", exists=True, file_okay=False)
]


@app.command()
def run(
    demo: Annotated[bool, typer.Option("--demo", help="Made-up people, no account, no token.")] = False,
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; 0 takes any free one.", min=0, max=65535)
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="With --demo: forget what was said before.")] = False,
) -> None:
    """Serve the chat and the staff pages."""
    from bot.serving import serve, serve_demo

    settings = _settings() if port is None else _settings(port=port)
    if fresh and not demo:
        _stop("--fresh is for the demo only: it throws data away.")
    _do(serve_demo(settings, print, fresh=fresh) if demo else serve(settings, print))


@app.command()
def check(scripts: Scripts = None) -> None:
    """Check scripts, the programme and translations. Every problem is shown with its place and what to do."""
    from dialogues.outline import longest_path

    settings = _settings(scripts=scripts)
    checked = _read(settings)
    for name, script in checked.scripts.items():
        questions = longest_path(script)
        print(f"{name}: at most {questions} question{'' if questions == 1 else 's'}")
    with refusals():
        misplaced, findings = ((), []) if scripts else _around(settings, checked)
    _print([*checked.problems, *misplaced, *findings])
    _print([f"{advice} (Advice)" for advice in checked.advice])
    if checked.problems or misplaced or any(finding.severe for finding in findings):
        raise typer.Exit(1)
    print("No problems.")


def _around(settings: Settings, checked: Checked) -> tuple[Sequence[Problem], Sequence[Finding]]:
    """What is found between these scripts and the programme, and in translations. Scripts of another folder stand
    alone."""
    from bot.app import now
    from bot.catalogs.checking import check as check_texts
    from bot.placing import placed
    from bot.programme import load_programme

    programme = load_programme(settings.programme, now().date())
    misplaced = placed(programme, checked.scripts, settings.programme.name)
    return misplaced, check_texts(settings.scripts, settings.locales)


@app.command()
def diagram(
    script: Script,
    dot: Annotated[bool, typer.Option("--dot", help="As a graph for Graphviz instead of an outline.")] = False,
    scripts: Scripts = None,
) -> None:
    """Show a script as an outline or as a graph."""
    from dialogues.outline import graph, outline

    checked = _read(_settings(scripts=scripts))
    _must_be_there(script, checked)
    if script not in checked.scripts:
        _stop("\n".join(map(str, checked.only(script).problems)))
    print((graph if dot else outline)(checked.scripts[script]))


@app.command()
def play(
    script: Script,
    language: Annotated[
        str, typer.Option("--language", "-l", help="E.g. ar; without it, the language of the script.")
    ] = "",
    days: Annotated[int | None, typer.Option(help="As a check-in, with so many days going by.", min=1, max=366)] = None,
    answer: Annotated[
        Literal["none", "all", "some"] | None,
        typer.Option(help="With --days: which check-ins get made-up answers; without it, you answer."),
    ] = None,
    scripts: Scripts = None,
) -> None:
    """Try a script out in the terminal. At its end stands what the specialist would see; nothing is kept."""
    settings = _settings(scripts=scripts)
    _must_be_there(script, _read(settings))
    if answer and days is None:
        _stop("--answer goes with --days: medvind play weekly_checkin --days 28 --answer none")
    with refusals():
        if days is None:
            from bot.channels.terminal import play as hold

            hold(settings, script, language, input, print)
        else:
            from bot.channels.terminal_days import play_days
            from bot.channels.terminal_players import AtTheKeyboard, MadeUp

            player = MadeUp(answer, print) if answer else AtTheKeyboard(input, print)
            play_days(settings, script, language, days, player, print)


@app.command()
def publish(
    script: Annotated[str, typer.Argument(help="One script; without it, all that changed.")] = "",
    by: Annotated[str, typer.Option(help="Who publishes: with --second, the mail of a coordinator.")] = "command line",
    second: Annotated[
        str, typer.Option(help="The mail of another coordinator, who agrees: for taking part, sharing and help.")
    ] = "",
    scripts: Scripts = None,
) -> None:
    """Bring scripts into use. New conversations are held on them; running ones keep the version they began with."""
    settings = _settings(scripts=scripts)
    checked = _read(settings)
    if script:
        _must_be_there(script, checked)
    from bot.publish_command import publish as put

    _do(put(settings, print, script, by, second))


@app.command()
def invite(
    name: Annotated[str, typer.Argument(help="Somebody new: what messages call the person.")] = "",
    pseudonym: Annotated[str, typer.Option(help="What lists and mails show, e.g. S.K.")] = "",
    language: Annotated[str, typer.Option(help="E.g. uk; without it, the first that is offered.")] = "",
    specialist: Annotated[str, typer.Option(help="Mail or number; needed where there are several.")] = "",
    participant: Annotated[int | None, typer.Option(help="Somebody who is here already, by number.")] = None,
    bot: Annotated[str, typer.Option(help="What the bot is called in Telegram; without it, Telegram is asked.")] = "",
    web: Annotated[bool, typer.Option("--web", help="A link to the web chat instead; with --bot, both.")] = False,
    move: Annotated[bool, typer.Option("--move", help="Another phone or account: the chat before is closed.")] = False,
    qr: Annotated[Path | None, typer.Option(help="Draw the link in a file that ends in .svg or .png.")] = None,
    revoke: Annotated[int | None, typer.Option(help="Take the invitation of this participant back.")] = None,
) -> None:
    """Let one person in: a link, a short code, and what happens next."""
    from bot.invite_command import Asked, make

    given = Asked(
        name=name,
        pseudonym=pseudonym,
        language=language,
        specialist=specialist,
        participant=participant,
        bot=bot,
        web=web,
        move=move,
        qr=qr,
        revoke=revoke,
        terminal=sys.stdout.isatty(),
    )
    _do(make(_settings(), print, given))


@app.command()
def confirm(
    participant: Annotated[int | None, typer.Argument(help="The number of the participant.")] = None,
    number: Annotated[str, typer.Argument(help="The number that the person reads out.")] = "",
) -> None:
    """Say that it is the person who opened an invitation. Without arguments: who waits for that."""
    from bot.people_commands import confirm as let_in
    from bot.people_commands import list_waiting

    if participant is None:
        _do(list_waiting(_settings(), print))
    elif number:
        _do(let_in(_settings(), print, participant, number))
    else:
        _stop("Say the number that the person reads out as well: medvind confirm 12 4711")


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """Say how Medvind does, and what to do. Whether it runs or not; ends with 1 when there is something to see to."""
    _do(_doctor(_settings(), as_json))


async def _doctor(settings: Settings, as_json: bool) -> None:
    from datetime import UTC, datetime

    from bot.doctor import tell

    if not await tell(settings, print, datetime.now(UTC), as_json=as_json):
        raise typer.Exit(1)


@app.command()
def zone(
    participant: Annotated[int, typer.Argument(help="The number of the participant.")],
    name: Annotated[str, typer.Argument(help="E.g. Europe/Kyiv.")],
) -> None:
    """Say where a participant is now, who travels."""
    from bot.zone_command import move

    _do(move(_settings(), print, participant, name))


@staff.command()
def add(
    name: Annotated[str, typer.Argument(help='E.g. "Kim Berg".')],
    mail: Annotated[str, typer.Option(help="Where digests go.")],
    role: Annotated[str, typer.Option(help="specialist, coordinator, translator, administrator or auditor.")],
    language: Annotated[str, typer.Option(help="E.g. nb; without it, the first that is offered.")] = "",
) -> None:
    """Add somebody, and show the link by which they set up how they sign in."""
    from bot.people_commands import add_staff

    _do(add_staff(_settings(), print, name=name, mail=mail, role=role, language=language))


@staff.command("list")
def list_staff() -> None:
    """Show who is here: number, role, name, mail and language."""
    from bot.people_commands import list_staff as show

    _do(show(_settings(), print))


@staff.command()
def link(number: Annotated[int, typer.Argument(help="The number in the list.")]) -> None:
    """Show a new link to set up how somebody signs in. What they had until now ends, and so do their sessions."""
    from bot.people_commands import new_staff_link

    _do(new_staff_link(_settings(), print, number))


@staff.command()
def leave(
    number: Annotated[int | None, typer.Argument(help="The number in the list.")] = None,
    first: Annotated[str, typer.Argument(help="The first day, e.g. 2026-12-01.")] = "",
    last: Annotated[str, typer.Argument(help="The last day; without it, the first is the only one.")] = "",
    cover: Annotated[int | None, typer.Option(help="The number of whoever reads meanwhile; else nobody does.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Back now, and no leave planned.")] = False,
) -> None:
    """Let a specialist be away. Without days: who is on leave, and when."""
    from bot.leave_commands import Away, end_leave, list_leave, plan_leave

    if none and (number is None or first or cover is not None):
        _stop("--none stands alone with a number: medvind staff leave 3 --none")
    if cover is not None and not first:
        _stop("Say the days as well: medvind staff leave 3 2026-12-01 2026-12-14 --cover 4")
    if number is not None and none:
        _do(end_leave(_settings(), print, number))
    elif number is not None and first:
        _do(plan_leave(_settings(), print, Away(number, first, last or first, cover)))
    else:
        _do(list_leave(_settings(), print, number))


@staff.command()
def hours(
    number: Annotated[int, typer.Argument(help="The number in the list.")],
    days: Annotated[str, typer.Option(help="Working days, e.g. 1234: 1 is Monday, 7 is Sunday.")] = "",
    at: Annotated[str, typer.Option(help="When the digest comes, e.g. 08:30.")] = "",
    zone: Annotated[str, typer.Option(help="E.g. Europe/Oslo.")] = "",
    begins: Annotated[str, typer.Option("--from", help="When work begins, e.g. 08:00; none: not said.")] = "",
    ends: Annotated[str, typer.Option("--to", help="When work ends, e.g. 16:00; none: not said.")] = "",
    within: Annotated[str, typer.Option(help="Working days for a request: 1, 2, 3, 5; none: as usual.")] = "",
    most: Annotated[str, typer.Option(help="So many open requests are enough, e.g. 12; none: not said.")] = "",
) -> None:
    """Set when a specialist works, gets the digest and answers. Without options: show it."""
    from bot.hours_commands import Wished, change_hours, show_hours

    wished = Wished(days, at, zone, begins, ends, within, most)
    if any(wished):
        _do(change_hours(_settings(), print, number, wished))
    else:
        _do(show_hours(_settings(), print, number))


@staff.command()
def handover(
    before: Annotated[int, typer.Argument(help="The number of the specialist who accompanies them now.")],
    after: Annotated[int, typer.Argument(help="The number of the one who does from now on.")],
    participant: Annotated[int | None, typer.Option(help="The number of one participant; else all of them.")] = None,
) -> None:
    """Let another specialist accompany people. They are asked what the new one may see from before."""
    from bot.handover_command import pass_on

    _do(pass_on(_settings(), print, before, after, participant))


@translate.command()
def extract(accept_renames: Annotated[bool, typer.Option(help="A question really got a new name.")] = False) -> None:
    """Write the list of all texts anew. It is messages.pot, in the folder of the translations."""
    from bot.catalogs.translating import extract as write

    settings = _settings()
    with refusals():
        report = write(settings.scripts, settings.locales, accept_renames=accept_renames)
    print(report)
    raise typer.Exit(int(bool(report.problems)))


@translate.command()
def update(languages: Annotated[list[str] | None, typer.Argument(help="E.g. ar; without it, all.")] = None) -> None:
    """Bring translations up to the list. New texts are added, changed ones are marked as outdated."""
    from bot.catalogs.language import language
    from bot.catalogs.translating import update as bring

    settings = _settings()
    for code in languages or ():
        try:
            language(code)
        except ValueError as unknown:
            _stop(str(unknown))
    with refusals():
        _print(bring(settings.locales, languages or ()))


@translate.command("check")
def check_translations() -> None:
    """Find what is missing or wrong."""
    from bot.catalogs.checking import check as look

    settings = _settings()
    with refusals():
        findings = look(settings.scripts, settings.locales)
    _print(findings or ["Nothing found."])
    raise typer.Exit(int(any(finding.severe for finding in findings)))


@translate.command()
def pull() -> None:
    """Enter what was translated in the console into the files, so that it is not lost to whoever works with them."""
    from bot.pull_command import pull as bring

    _do(bring(_settings(), print))


@translate.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="As the page docs/languages.md.")] = False,
) -> None:
    """How far each language is: for participants, for staff, and with reviewed safety texts."""
    import json

    from bot.catalogs.standing import markdown
    from bot.catalogs.standing import status as standing

    settings = _settings()
    with refusals():
        if as_markdown:
            print(markdown(settings.locales), end="")
            return
        found = standing(settings.locales)
    if as_json:
        print(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=2))
    else:
        _print(found or [f"There are no translations in {settings.locales}."])


@translate.command("export")
def export_texts(
    language: Annotated[str, typer.Argument(help="E.g. ar.")],
    file: Annotated[Path, typer.Argument(help="The file to write; its name ends in .csv or .xlsx.", dir_okay=False)],
) -> None:
    """Write the texts of one language to a table that a translator can work in."""
    from bot.catalogs.carrying import carry_out

    settings = _settings()
    with refusals(), _tables():
        texts = carry_out(settings.locales, language, file)
    print(f"{file}: {texts} texts")


@translate.command("import")
def import_texts(
    language: Annotated[str, typer.Argument(help="E.g. ar.")],
    file: Annotated[Path, typer.Argument(help="The table, as it was exported.", exists=True, dir_okay=False)],
    by: Annotated[str, typer.Option(help="Who translated; stands with each text that changed.")] = "import",
    reviewer: Annotated[
        str, typer.Option(help='Who has read the texts whose state is "reviewed" in the table, with today\'s date.')
    ] = "",
) -> None:
    """Enter what a translator changed in the table. One mistake, and nothing is entered."""
    from bot.app import now
    from bot.catalogs.carrying import carry_in

    settings = _settings()
    with refusals(), _tables():
        brought = carry_in(settings.locales, language, file, by=by, reviewer=reviewer, day=now().date())
    print(brought)
    raise typer.Exit(int(bool(brought.findings)))


@contextmanager
def _tables() -> Iterator[None]:
    """A language or a file that cannot be used is told in a sentence."""
    try:
        yield
    except FileNotFoundError as missing:
        _stop(f"There is no file {missing.filename}. A language begins with: medvind translate update LANGUAGE")
    except (ValueError, OSError) as wrong:
        _stop(str(wrong))


@audio.command("status")
def audio_status(
    missing: Annotated[bool, typer.Option("--missing", help="Name the texts that have none as well.")] = False,
) -> None:
    """How many of the texts that participants get have a recording, for each language."""
    from bot.app import load_texts, now
    from bot.audio_command import status as standing
    from bot.recordings import Recordings

    settings = _settings()
    if settings.audio is None:
        _stop("There are no recordings: MEDVIND_AUDIO names no folder. docs/audio.md says how to make one.")
    checked = _read(settings)
    with refusals():
        programme, catalogs = load_texts(settings, now().date())
    recordings = Recordings.read(settings.audio)
    _print([*standing(programme, catalogs, checked.scripts, recordings, missing=missing)])


@programme.command("publish")
def publish_programme(
    by: Annotated[str, typer.Option(help="The mail of a coordinator.")] = "",
    second: Annotated[str, typer.Option(help="The mail of another coordinator, who agrees.")] = "",
) -> None:
    """Bring the programme file into force. What is about help, promises or who reads takes two coordinators."""
    from bot.programme_commands import publish as bring

    _do(bring(_settings(), print, by, second))


@programme.command("show")
def show_programme() -> None:
    """Show what is in force, as a programme file."""
    from bot.programme_commands import show

    _do(show(_settings(), print))


def _settings(**given: Any) -> Settings:
    """Settings of the environment, with what was ``given`` on the command line in place of them."""
    import os

    from pydantic import ValidationError

    from bot.config import Settings, unknown_settings, wrong_settings

    for sentence in unknown_settings(os.environ):
        print(sentence, file=sys.stderr)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as refused:
        _stop("\n".join(wrong_settings(refused)))


def _read(settings: Settings) -> Checked:
    """The scripts of the folder, of which there has to be one."""
    from bot.publishing import read_folder

    checked = read_folder(settings.scripts)
    if not checked.sources:
        _stop(f"There are no scripts in {settings.scripts}. A script is a file that ends in .yaml.")
    return checked


def _must_be_there(script: str, checked: Checked) -> None:
    if script not in checked.sources:
        _stop(f'There is no script called "{script}". There are: {", ".join(checked.sources)}.')


def _do(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, or until Ctrl-C."""
    import asyncio

    with refusals():
        try:
            asyncio.run(work)
        except KeyboardInterrupt:
            print()


@contextmanager
def refusals() -> Iterator[None]:
    """What the person at the keyboard can mend is told in a sentence, without a trace."""
    from bot.catalogs.po import PoBroken
    from bot.programme import ProgrammeRefused
    from bot.publishing import NotPublished
    from storage.database import StorageAway
    from storage.refusal import StartRefused

    try:
        yield
    except StorageAway as away:
        _stop(f"The database cannot be used: {away}. Nothing was changed.")
    except (NotPublished, PoBroken, ProgrammeRefused, StartRefused) as refused:
        _stop(str(refused))


def _print(lines: Sequence[object]) -> None:
    for line in lines:
        print(line)


def _stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)


def main() -> None:
    """Run the command line. A sign that the terminal cannot read or show becomes a question mark."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    app()


if __name__ == "__main__":
    main()
