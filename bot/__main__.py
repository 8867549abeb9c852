"""The ``medvind`` command. What it does is elsewhere and is loaded only when it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.command_line import do, must_be_there, read_scripts, refusals, settings_of, show_lines, stop
from bot.command_line.staff import staff
from bot.command_line.translate import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    from bot.collector import spared_until_served

    with spared_until_served():
        from bot.serving import serve, serve_demo

        settings = settings_of() if port is None else settings_of(port=port)
        if fresh and not demo:
            stop("--fresh is for the demo only: it throws data away.")
        do(serve_demo(settings, print, fresh=fresh) if demo else serve(settings, print))


@app.command()
def check(scripts: Scripts = None) -> None:
    """Check scripts, the programme and translations. Every problem is shown with its place and what to do."""
    from dialogues.outline import longest_path

    settings = settings_of(scripts=scripts)
    checked = read_scripts(settings)
    for name, script in checked.scripts.items():
        questions = longest_path(script)
        print(f"{name}: at most {questions} question{'' if questions == 1 else 's'}")
    with refusals():
        misplaced, findings = ((), []) if scripts else _around(settings, checked)
    show_lines([*checked.problems, *misplaced, *findings])
    show_lines([f"{advice} (Advice)" for advice in checked.advice])
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

    checked = read_scripts(settings_of(scripts=scripts))
    must_be_there(script, checked)
    if script not in checked.scripts:
        stop("\n".join(map(str, checked.only(script).problems)))
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
    settings = settings_of(scripts=scripts)
    must_be_there(script, read_scripts(settings))
    if answer and days is None:
        stop("--answer goes with --days: medvind play weekly_checkin --days 28 --answer none")
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
    settings = settings_of(scripts=scripts)
    checked = read_scripts(settings)
    if script:
        must_be_there(script, checked)
    from bot.publish_command import publish as put

    do(put(settings, print, script, by, second))


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
    do(make(settings_of(), print, given))


@app.command()
def confirm(
    participant: Annotated[int | None, typer.Argument(help="The number of the participant.")] = None,
    number: Annotated[str, typer.Argument(help="The number that the person reads out.")] = "",
) -> None:
    """Say that it is the person who opened an invitation. Without arguments: who waits for that."""
    from bot.people_commands import confirm as let_in
    from bot.people_commands import list_waiting

    if participant is None:
        do(list_waiting(settings_of(), print))
    elif number:
        do(let_in(settings_of(), print, participant, number))
    else:
        stop("Say the number that the person reads out as well: medvind confirm 12 4711")


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """Say how Medvind does, and what to do. Whether it runs or not; ends with 1 when there is something to see to."""
    do(_doctor(settings_of(), as_json))


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

    do(move(settings_of(), print, participant, name))


@audio.command("status")
def audio_status(
    missing: Annotated[bool, typer.Option("--missing", help="Name the texts that have none as well.")] = False,
) -> None:
    """How many of the texts that participants get have a recording, for each language."""
    from bot.app import load_texts, now
    from bot.audio_command import status as standing
    from bot.recordings import Recordings

    settings = settings_of()
    if settings.audio is None:
        stop("There are no recordings: MEDVIND_AUDIO names no folder. docs/audio.md says how to make one.")
    checked = read_scripts(settings)
    with refusals():
        programme, catalogs = load_texts(settings, now().date())
    recordings = Recordings.read(settings.audio)
    show_lines([*standing(programme, catalogs, checked.scripts, recordings, missing=missing)])


@programme.command("publish")
def publish_programme(
    by: Annotated[str, typer.Option(help="The mail of a coordinator.")] = "",
    second: Annotated[str, typer.Option(help="The mail of another coordinator, who agrees.")] = "",
) -> None:
    """Bring the programme file into force. What is about help, promises or who reads takes two coordinators."""
    from bot.programme_commands import publish as bring

    do(bring(settings_of(), print, by, second))


@programme.command("show")
def show_programme() -> None:
    """Show what is in force, as a programme file."""
    from bot.programme_commands import show

    do(show(settings_of(), print))


def main() -> None:
    """Run the command line. A sign that the terminal cannot read or show becomes a question mark."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    app()


if __name__ == "__main__":
    main()
