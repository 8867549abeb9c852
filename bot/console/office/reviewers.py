"""Reviewers: administrators say which languages a translator has as their own, and so may review."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot import staffing
from bot.channels.http import posted
from bot.console.access import confirmed, not_found, only
from bot.console.desk import DESK
from bot.console.office.participants import number_of
from storage.people import Staff


@only("administrator")
@confirmed
async def set_reviews(request: web.Request, staff: Staff) -> web.StreamResponse:
    """These languages and no others."""
    desk, form, number = request.app[DESK], await posted(request), number_of(request.match_info["member"])
    known = {*desk.catalogs.languages, *desk.drafts.languages}
    chosen = [code for code in form.getall("reviews", []) if code in known]

    def work(conn: Connection) -> None:
        staffing.set_reviews(conn, desk.vault, number, chosen, staff, desk.now())

    try:
        await desk.database.write(work)
    except KeyError:
        raise not_found(request, staff) from None
    raise web.HTTPSeeOther(f"/staff/{number}?done=saved")
