"""Office: who accompanies whom, who is on the staff and away, what was done, what is open in an emergency, and what is
set."""

from __future__ import annotations

from aiohttp import web

from bot.console.office import (
    absences,
    assigning,
    emergencies,
    logbook,
    member,
    participants,
    reviewers,
    settings,
    team,
)


def routes() -> list[web.RouteDef]:
    """Everything in it."""
    return [
        web.get("/participants", participants.participants_page),
        web.post("/participants", assigning.assign_several),
        web.get("/participants/{participant}", participants.participant_page),
        web.post("/participants/{participant}/specialist", assigning.assign_one),
        web.post("/participants/{participant}/zone", assigning.move),
        web.post("/participants/{participant}/invitations", assigning.take_back),
        web.get("/leave", absences.leave_page),
        web.post("/leave", absences.plan_leave),
        web.post("/leave/end", absences.end_leave),
        web.get("/staff", team.staff_page),
        web.post("/staff", team.add_member),
        web.get("/staff/{member}", member.member_page),
        web.post("/staff/{member}", member.change_member),
        web.post("/staff/{member}/reviews", reviewers.set_reviews),
        web.post("/staff/{member}/disable", member.disable_member),
        web.post("/staff/{member}/enable", member.enable_member),
        web.post("/staff/{member}/sessions", member.end_sessions),
        web.post("/staff/{member}/entrance", member.renew_entrance),
        web.get("/settings", settings.settings_page),
        web.get("/log", logbook.log_page),
        web.get("/log/table.csv", logbook.log_file),
        web.get("/emergency", emergencies.emergency_page),
        web.post("/emergency", emergencies.open_emergency),
        web.get("/emergency/{participant}", emergencies.opened_page),
        web.post("/emergency/{participant}/end", emergencies.end_emergency),
    ]
