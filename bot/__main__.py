"""The ``medvind`` command. What it does is elsewhere and is loaded only when it is asked for."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from bot.config import Settings

app = typer.Typer(
    help="Medvind: short check-ins in the participant's own language. The participant decides what is shared.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
translate = typer.Typer(help="Texts and their translations.", no_args_is_help=True)
app.add_typer(translate, name="translate")

Script = Annotated[str, typer.Argument(help="The name of a script, e.g. weekly_checkin.")]
Scripts = Annotated[Path | None, typer.Option("--scripts", help="The folder with the scripts.")]


@app.command()
def run(
    demo: Annotated[bool, typer.Option("--demo", help="Made-up people, no account, no token.")] = False,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes any free one.")] = None,
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
    """Check every script and every translation, and say what to mend and where."""
    from bot.app import LOCALES, SCRIPTS
    from bot.catalogs.checking import check as check_texts
    from bot.publishing import read_folder
    from dialogues.outline import longest_path

    settings = _settings()
    folder = scripts or settings.scripts or SCRIPTS
    checked = read_folder(folder)
    for name, script in checked.scripts.items():
        print(f"{name}: {longest_path(script)} questions at most")
    for problem in checked.problems:
        print(problem)
    findings = [] if scripts else check_texts(folder, settings.locales or LOCALES)
    for finding in findings:
        print(finding)
    if checked.problems or any(finding.severe for finding in findings):
        raise typer.Exit(1)
    print("No problems." if checked.scripts else f"There are no scripts in {folder}.")


@app.command()
def diagram(
    script: Script,
    dot: Annotated[bool, typer.Option("--dot", help="As a graph for Graphviz instead of an outline.")] = False,
    scripts: Scripts = None,
) -> None:
    """Show a script as an outline or as a graph."""
    from bot.app import SCRIPTS
    from bot.publishing import read_folder
    from dialogues.outline import graph, outline

    checked = read_folder(scripts or _settings().scripts or SCRIPTS)
    if script not in checked.scripts:
        wrong = [str(problem) for problem in checked.problems if problem.file == f"{script}.yaml"]
        _stop("\n".join(wrong) or f'There is no script called "{script}". There are: {", ".join(checked.scripts)}.')
    print((graph if dot else outline)(checked.scripts[script]))


@app.command()
def play(
    script: Script,
    language: Annotated[str, typer.Option("--language", "-l", help="E.g. ar.")] = "en",
    scripts: Scripts = None,
) -> None:
    """Hold a conversation on a script here, and see what the specialist would see. Nothing is kept."""
    from bot.channels import terminal

    settings = _settings(scripts=scripts) if scripts else _settings()
    _do(terminal.play(settings, script, language, input, print))


@app.command()
def publish(
    script: Annotated[str, typer.Argument(help="One script; without it, all that changed.")] = "",
    by: Annotated[str, typer.Option(help="Who publishes.")] = "command line",
    scripts: Scripts = None,
) -> None:
    """Make the scripts of the folder the ones that new conversations use. Running conversations keep theirs."""
    _do(_publish(_settings(), script, by, scripts))


async def _publish(settings: Settings, script: str, by: str, folder: Path | None) -> None:
    from bot.app import SCRIPTS, load_texts, now
    from bot.publishing import publish as put
    from bot.publishing import read_folder
    from storage.opening import open_storage
    from storage.vault import read_master_key

    _, catalogs = load_texts(settings, now().date())
    checked = read_folder(folder or settings.scripts or SCRIPTS)
    if script and script not in checked.sources:
        _stop(f'There is no script called "{script}". There are: {", ".join(checked.sources)}.')
    key = read_master_key(settings.key.get_secret_value() or None, settings.key_file)
    database, _ = await open_storage(settings.database(), key)
    try:
        versions = await database.write(lambda conn: put(conn, checked, catalogs, by=by, now=now(), only=script))
    finally:
        await database.close()
    for name, version in versions.items():
        print(f"{name}: version {version}")


@translate.command()
def extract(accept_renames: Annotated[bool, typer.Option(help="A question really got a new name.")] = False) -> None:
    """Write the list of all texts (messages.pot) anew."""
    from bot.catalogs.translating import extract as write

    report = write(*_text_folders(), accept_renames=accept_renames)
    print(report)
    raise typer.Exit(int(bool(report.problems)))


@translate.command()
def update(languages: Annotated[list[str] | None, typer.Argument(help="E.g. ar; without it, all.")] = None) -> None:
    """Bring the translations up to the list: new texts are added, changed ones are marked as outdated."""
    from bot.catalogs.translating import update as bring

    _print(bring(_text_folders()[1], languages or ()))


@translate.command("check")
def check_translations() -> None:
    """Look for what is missing or wrong in the translations."""
    from bot.catalogs.checking import check as look

    findings = look(*_text_folders())
    _print(findings or ["Nothing found."])
    raise typer.Exit(int(any(finding.severe for finding in findings)))


@translate.command()
def status() -> None:
    """How far each language is."""
    from bot.catalogs.standing import status as standing

    _print(standing(_text_folders()[1]))


def _text_folders() -> tuple[Path, Path]:
    from bot.app import LOCALES, SCRIPTS

    settings = _settings()
    return settings.scripts or SCRIPTS, settings.locales or LOCALES


def _settings(**values: Any) -> Settings:
    from pydantic import ValidationError

    from bot.config import Settings

    try:
        return Settings(**values)
    except ValidationError as wrong:
        _stop("\n".join(f"MEDVIND_{error['loc'][0]}: {error['msg']}".upper() for error in wrong.errors()))


def _do(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; what the person at the keyboard can mend is told in a sentence, without a trace."""
    from bot.catalogs.po import PoBroken
    from bot.channels.terminal import NoSuchScript
    from bot.programme import ProgrammeRefused
    from bot.publishing import NotPublished
    from bot.serving import PortTaken
    from storage.database import StorageAway
    from storage.refusal import StartRefused

    refusals = (NoSuchScript, NotPublished, PoBroken, PortTaken, ProgrammeRefused, StartRefused, StorageAway)
    try:
        asyncio.run(work)
    except refusals as refused:
        _stop(str(refused))
    except KeyboardInterrupt:
        print()


def _print(lines: Sequence[object]) -> None:
    for line in lines:
        print(line)


def _stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
