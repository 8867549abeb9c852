"""Command line: what all ``medvind`` commands have in common: settings, and sentences instead of traces."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from bot.config import Settings
    from bot.publishing import Checked


def settings_of(**given: Any) -> Settings:
    """Settings of the environment, with what was ``given`` on the command line in place of them."""
    import os

    from pydantic import ValidationError

    from bot.config import Settings, unknown_settings, wrong_settings

    for sentence in unknown_settings(os.environ):
        print(sentence, file=sys.stderr)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as refused:
        stop("\n".join(wrong_settings(refused)))


def read_scripts(settings: Settings) -> Checked:
    """The scripts of the folder, of which there has to be one."""
    from bot.publishing import read_folder

    checked = read_folder(settings.scripts)
    if not checked.sources:
        stop(f"There are no scripts in {settings.scripts}. A script is a file that ends in .yaml.")
    return checked


def must_be_there(script: str, checked: Checked) -> None:
    if script not in checked.sources:
        stop(f'There is no script called "{script}". There are: {", ".join(checked.sources)}.')


def do(work: Coroutine[Any, Any, None]) -> None:
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
        stop(f"The database cannot be used: {away}. Nothing was changed.")
    except (NotPublished, PoBroken, ProgrammeRefused, StartRefused) as refused:
        stop(str(refused))


def show_lines(lines: Sequence[object]) -> None:
    for line in lines:
        print(line)


def stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)
