"""``medvind translate``: texts and their translations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line import do, refusals, settings_of, show_lines, stop

translate = typer.Typer(help="Texts and their translations.", no_args_is_help=True, rich_markup_mode=None)


@translate.command()
def extract(accept_renames: Annotated[bool, typer.Option(help="A question really got a new name.")] = False) -> None:
    """Write the list of all texts anew. It is messages.pot, in the folder of the translations."""
    from bot.catalogs.translating import extract as write

    settings = settings_of()
    with refusals():
        report = write(settings.scripts, settings.locales, accept_renames=accept_renames)
    print(report)
    raise typer.Exit(int(bool(report.problems)))


@translate.command()
def update(languages: Annotated[list[str] | None, typer.Argument(help="E.g. ar; without it, all.")] = None) -> None:
    """Bring translations up to the list. New texts are added, changed ones are marked as outdated."""
    from bot.catalogs.language import language
    from bot.catalogs.translating import update as bring

    settings = settings_of()
    for code in languages or ():
        try:
            language(code)
        except ValueError as unknown:
            stop(str(unknown))
    with refusals():
        show_lines(bring(settings.locales, languages or ()))


@translate.command("check")
def check_translations() -> None:
    """Find what is missing or wrong."""
    from bot.catalogs.checking import check as look

    settings = settings_of()
    with refusals():
        findings = look(settings.scripts, settings.locales)
    show_lines(findings or ["Nothing found."])
    raise typer.Exit(int(any(finding.severe for finding in findings)))


@translate.command()
def pull() -> None:
    """Enter what was translated in the console into the files, so that it is not lost to whoever works with them."""
    from bot.pull_command import pull as bring

    do(bring(settings_of(), print))


@translate.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="As the page docs/languages.md.")] = False,
) -> None:
    """How far each language is: for participants, for staff, and with reviewed safety texts."""
    import json

    from bot.catalogs.standing import markdown
    from bot.catalogs.standing import status as standing

    settings = settings_of()
    with refusals():
        if as_markdown:
            print(markdown(settings.locales), end="")
            return
        found = standing(settings.locales)
    if as_json:
        print(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=2))
    else:
        show_lines(found or [f"There are no translations in {settings.locales}."])


@translate.command("export")
def export_texts(
    language: Annotated[str, typer.Argument(help="E.g. ar.")],
    file: Annotated[Path, typer.Argument(help="The file to write; its name ends in .csv or .xlsx.", dir_okay=False)],
) -> None:
    """Write the texts of one language to a table that a translator can work in."""
    from bot.catalogs.carrying import carry_out

    settings = settings_of()
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

    settings = settings_of()
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
        stop(f"There is no file {missing.filename}. A language begins with: medvind translate update LANGUAGE")
    except (ValueError, OSError) as wrong:
        stop(str(wrong))
