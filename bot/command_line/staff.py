"""``medvind staff``: who works here."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command_line import do, settings_of, stop

staff = typer.Typer(help="Who works here.", no_args_is_help=True, rich_markup_mode=None)


@staff.command()
def add(
    name: Annotated[str, typer.Argument(help='E.g. "Kim Berg".')],
    mail: Annotated[str, typer.Option(help="Where digests go.")],
    role: Annotated[str, typer.Option(help="specialist, coordinator, translator, administrator or auditor.")],
    language: Annotated[str, typer.Option(help="E.g. nb; without it, the first that is offered.")] = "",
) -> None:
    """Add somebody, and show the link by which they set up how they sign in."""
    from bot.people_commands import add_staff

    do(add_staff(settings_of(), print, name=name, mail=mail, role=role, language=language))


@staff.command("list")
def list_staff() -> None:
    """Show who is here: number, role, name, mail and language."""
    from bot.people_commands import list_staff as show

    do(show(settings_of(), print))


@staff.command()
def link(number: Annotated[int, typer.Argument(help="The number in the list.")]) -> None:
    """Show a new link to set up how somebody signs in. What they had until now ends, and so do their sessions."""
    from bot.people_commands import new_staff_link

    do(new_staff_link(settings_of(), print, number))


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
        stop("--none stands alone with a number: medvind staff leave 3 --none")
    if cover is not None and not first:
        stop("Say the days as well: medvind staff leave 3 2026-12-01 2026-12-14 --cover 4")
    if number is not None and none:
        do(end_leave(settings_of(), print, number))
    elif number is not None and first:
        do(plan_leave(settings_of(), print, Away(number, first, last or first, cover)))
    else:
        do(list_leave(settings_of(), print, number))


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
        do(change_hours(settings_of(), print, number, wished))
    else:
        do(show_hours(settings_of(), print, number))


@staff.command()
def handover(
    before: Annotated[int, typer.Argument(help="The number of the specialist who accompanies them now.")],
    after: Annotated[int, typer.Argument(help="The number of the one who does from now on.")],
    participant: Annotated[int | None, typer.Option(help="The number of one participant; else all of them.")] = None,
) -> None:
    """Let another specialist accompany people. They are asked what the new one may see from before."""
    from bot.handover_command import pass_on

    do(pass_on(settings_of(), print, before, after, participant))
