"""My page: a participant sees everything that is kept of them, in words, and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, update

from bot.channels.web import add_chat
from bot.channels.web_me import add_my_page
from bot.console.desk import DESK
from bot.digest.attention import attention
from bot.goals import State as GoalState
from bot.my_page import door
from bot.my_page.parts import PARTS, Sources
from bot.wording import WORDING
from bot.wording.my_page import MY_PAGE
from dialogues.model import OWN_WORDS
from storage import agreements, audit, checkins, people, replies, schema, scripts
from storage.agreements import Agreement, Owner, State
from storage.people import ROLES
from storage.replies import Reply
from storage.vault import Erased
from tests.bot.diary import DIARY, OWN, STEP, wrote
from tests.bot.digest_samples import plain
from tests.bot.own_page import SESSION, OwnPage, own_page
from tests.bot.phone import OURS
from tests.storage.rows import owned_tables

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[OwnPage]:
    async with own_page(tmp_path) as made:
        yield made


def sees(page: OwnPage, *words: str) -> bool:
    """Whether all this stands on the page, whatever is between words: pieces of a page touch where nothing is shown
    between them."""
    shown = "".join(plain(page.phone.page.words).split())
    return all("".join(word.split()) in shown for word in words)


# Who is let in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", *PARTS])
async def test_without_a_session_no_page_opens(own: OwnPage, part: str) -> None:
    await wrote(own.world, "step", person=own.person)
    own.phone.client.session.cookie_jar.clear()
    await own.phone.get(f"/me/{part}".rstrip("/"))
    assert own.phone.status == 403
    assert not sees(own, STEP)
    assert sees(own, "This page is closed", "Help now")


@pytest.mark.parametrize("act", ["withdraw", "answer/delete", "conversation/delete", "copy", "delete"])
async def test_without_a_session_nothing_can_be_done(own: OwnPage, act: str) -> None:
    await wrote(own.world, "step", person=own.person)
    own.phone.client.session.cookie_jar.clear()
    fields = [("conversation", "1"), ("step", "diary/sharing"), ("line", "diary/step"), ("name", "diary/step")]
    await own.phone.post(f"/me/{act}", [*fields, ("sure", "yes")])
    assert own.phone.status == 403
    assert (await own.person.answered())["step"] == STEP


@pytest.mark.parametrize("act", ["withdraw", "answer/delete", "conversation/delete", "copy", "delete"])
async def test_another_site_can_do_nothing(own: OwnPage, act: str) -> None:
    await wrote(own.world, "step", person=own.person)
    fields = [("conversation", "1"), ("name", "diary/step"), ("sure", "yes")]
    await own.phone.post(f"/me/{act}", fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert own.phone.status == 403
    assert (await own.person.answered())["step"] == STEP


async def test_nobody_sees_or_changes_what_is_somebody_elses(own: OwnPage) -> None:
    other = await wrote(own.world, "step")
    for part in PARTS:
        assert STEP not in await own.look(part)
    await own.phone.post("/me/conversation/delete", [("conversation", "1")])
    assert (await other.answered())["step"] == STEP


async def test_every_page_has_help_and_a_way_back_and_is_not_stored(own: OwnPage) -> None:
    for part in ("", *PARTS):
        response = await own.phone.get(f"/me/{part}" if part else "/me")
        assert response.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        html = await response.text()
        assert 'href="/help?language=en"' in html
        assert 'href="/chat"' in html
        assert "<script" not in html


async def test_the_page_is_reached_from_the_chat(own: OwnPage) -> None:
    html = await (await own.phone.get("/chat")).text()
    assert html.count('href="/me"') == 2, "in the menu, and where nothing waits"


# What was sent --------------------------------------------------------------------------------------------------------


async def test_what_was_sent_stands_there_word_for_word(own: OwnPage) -> None:
    await wrote(own.world, "step", "sure", "what|work", f"what|{OWN_WORDS}", person=own.person)
    seen = next(message for message in own.person.told if message.lines)
    await own.look("sent")
    shared = [line for line in seen.lines if not line.private]
    assert sees(own, *(text for line in shared for text in (line.label, line.value, line.own_words)))
    assert sees(own, "Diary", "Shared with Kim Berg on Monday 2 March 2026, 13:30")
    assert not sees(own, "Sleep"), "what was not shared was not sent"


async def test_a_line_goes_to_who_was_assigned_then(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    own.move(days=1)
    nora = await new_specialist(own, "Nora Lie")
    await own.look("sent")
    assert sees(own, "Shared with Kim Berg")
    assert not sees(own, "Shared with Nora Lie")
    assert not sees(own, "You let")
    await own.site.parts.database.write(lambda conn: people.let_see(conn, own.person.id, EPOCH))
    await own.look("sent")
    assert sees(own, "Shared with Kim Berg", "You let Nora Lie see it too.")
    assert nora


async def new_specialist(own: OwnPage, name: str) -> int:
    def add(conn: Connection) -> int:
        about = {"name": name, "mail": "n@example.org", "role": "specialist", "language": "en"}
        made = people.add_staff(conn, own.site.parts.vault, **about, time_zone="Europe/Oslo", now=own.site.now)
        people.assign(conn, own.person.id, made, own.site.now)
        return made

    return await own.site.parts.database.write(add)


async def test_a_line_is_taken_back_with_what_that_means_said_before(own: OwnPage) -> None:
    await wrote(own.world, "step", "sure", person=own.person)
    await own.look("sent")
    assert sees(own, "What someone has read cannot be unread.", "Kim Berg then sees that a line was taken back.")
    await own.phone.press("Take it back now")
    assert sees(own, "The line is taken back.", "You took this back.")
    assert not sees(own, STEP)
    assert await own.site.shared() == ["diary/step", "diary/sure"]
    await own.look("private")
    assert sees(own, "What is your next step?", STEP), "the answer is the person's own again"


async def test_a_reply_stands_beside_its_line(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    made = Reply(own.person.id, 1, "diary/sharing", "diary/step", "together", None, own.site.specialist, own.site.now)
    await own.site.parts.database.write(lambda conn: replies.put(conn, made))
    await own.look("sent")
    assert sees(own, f"About: {STEP}", "Kim Berg says: we do this together.")


# What is private ------------------------------------------------------------------------------------------------------


async def test_what_is_not_shared_stands_there_with_its_question(own: OwnPage) -> None:
    await wrote(own.world, "step", "what|work", person=own.person)
    await own.look("private")
    assert sees(own, "How sure are you about this: …", "4", "Was something hard?", "At work, At home")
    assert sees(own, "What was hard?", "Sleep", OWN)
    assert not sees(own, STEP), "it is shared, so it is not private"
    assert not sees(own, "Noise")


async def test_an_answer_is_deleted_from_the_page(own: OwnPage) -> None:
    await wrote(own.world, person=own.person)
    await own.look("private")
    assert sees(own, STEP)
    form = next(each for each in own.phone.page.forms if ("name", "diary/step") in each.hidden)
    await own.phone.post(form.action, form.sent("Delete it now"))
    assert sees(own, "It is deleted.")
    assert not sees(own, STEP)
    assert sees(own, OWN)


async def test_a_conversation_is_deleted_from_the_page(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    await own.look("private")
    await own.phone.press("Delete all of it now")
    assert sees(own, "It is deleted.", "There is no answer that only you see.")
    assert await own.person.answered() == {}


async def test_a_page_that_is_old_changes_nothing(own: OwnPage) -> None:
    await wrote(own.world, person=own.person)
    await own.look("private")
    old = own.phone.page
    await own.phone.press("Delete all of it now")
    own.phone.page = old
    await own.phone.press("Delete it now")
    assert sees(own, "This was not there any more. Nothing changed.")


async def test_answers_of_an_open_conversation_are_changed_in_the_chat(own: OwnPage) -> None:
    await own.world.publish("diary", DIARY)
    own.world.holding("diary")
    await own.person.says("start")
    await own.person.says(STEP)
    await own.look("private")
    assert sees(own, STEP, "You can change its answers in the chat.")
    assert not own.phone.page.forms
    await own.phone.post("/me/answer/delete", [("conversation", "1"), ("name", "diary/step"), ("page", "private")])
    assert sees(own, "This conversation is still open.", STEP)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "١"])
async def test_nonsense_in_a_form_does_nothing(own: OwnPage, number: str) -> None:
    await wrote(own.world, person=own.person)
    for act in ("withdraw", "answer/delete", "conversation/delete"):
        await own.phone.post(f"/me/{act}", [("conversation", number), ("name", "diary/step"), ("page", "//elsewhere")])
        assert own.phone.status == 200
        assert sees(own, "Nothing changed.")
    assert (await own.person.answered())["step"] == STEP


# Who opened it --------------------------------------------------------------------------------------------------------


async def test_who_opened_what_and_when(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    await own.look("opened")
    assert sees(own, "Nobody has opened a page with your lines.")

    def open_both(conn: Connection) -> None:
        for minutes, action in enumerate(("digest opened", "person opened", "reply sent")):
            at = own.site.now + timedelta(minutes=minutes)
            actor, person = f"staff:{own.site.specialist}", own.person.id
            audit.record(conn, at=at, actor=actor, action=action, participant_id=person)

    await own.site.parts.database.write(open_both)
    await own.look("opened")
    assert sees(own, "Kim Berg, specialist Opened the page about you Monday 2 March 2026, 13:31")
    assert sees(own, "Kim Berg, specialist Opened the overview of a day Monday 2 March 2026, 13:30")
    assert plain(own.phone.page.words).index("13:31") < plain(own.phone.page.words).index("13:30")


async def test_the_pages_of_staff_leave_the_records_that_are_shown(own: OwnPage) -> None:
    """The names of the records are those that the staff pages write."""
    await wrote(own.world, "step", person=own.person)
    own.phone.client.session.cookie_jar.clear()
    await own.phone.post(f"/s/{own.site.staff_token}", [])
    for path in ("/digest", f"/people/{own.person.id}"):
        assert (await own.phone.client.get(path)).status == 200
    assert own.site.app[DESK]
    found = await own.site.parts.database.read(lambda conn: audit.records(conn, own.person.id))
    assert {"digest opened", "person opened"} <= {each.action for each in found}


# What the specialist sees ---------------------------------------------------------------------------------------------


async def test_every_rule_has_words_for_participants(own: OwnPage) -> None:
    await own.look("seen")
    for rule in attention().rules:
        text = WORDING[f"ui/me.rule.{rule.code}"]
        assert isinstance(text, str)
        assert sees(own, text)
    named = {f"ui/me.rule.{rule.code}" for rule in attention().rules}
    assert named == {one for one in WORDING if one.startswith("ui/me.rule.")}


async def test_what_the_specialist_does_and_who_does_the_rest(own: OwnPage) -> None:
    await own.look("seen")
    assert sees(own, "Kim Berg can do this for you:", "CV or application")
    assert sees(own, "NAV (benefits office), telephone 55 55 33 33")
    assert sees(own, "What you share is read on working days.")


# What changed ---------------------------------------------------------------------------------------------------------


async def test_a_question_that_was_reworded_stands_there_before_and_now(own: OwnPage) -> None:
    await own.world.publish("diary", DIARY)
    own.move(days=1)
    await own.world.publish("diary", DIARY.replace("Was something hard?", "Was anything hard this week?"))
    await own.look("changes")
    assert sees(own, "Diary Changed on Tuesday 3 March 2026 by: test")
    assert sees(own, "Before Was something hard? Now Was anything hard this week?")


async def test_who_changed_a_question_on_the_staff_pages_is_named(own: OwnPage) -> None:
    await own.world.publish("diary", DIARY)
    own.move(days=1)
    await own.world.publish("diary", DIARY.replace("Was something hard?", "Was anything hard this week?"))
    both = update(schema.script_version).values(published_by=f"staff:{own.world.specialist}, staff:99")
    await own.world.database.write(lambda conn: conn.execute(both) and None)
    name = (await own.world.database.read(lambda conn: people.staff(conn, own.world.vault, own.world.specialist))).name
    await own.look("changes")
    assert sees(own, f"Diary Changed on Tuesday 3 March 2026 by: {name}")
    assert not sees(own, "staff:")


async def test_a_change_of_what_is_shared_is_told(own: OwnPage) -> None:
    await own.world.publish("diary", DIARY)
    own.move(days=1)
    await own.world.publish("diary", DIARY.replace("      - sure\n", "").replace("private: home", "private: yes"))
    await own.look("changes")
    assert sees(own, "The answer to this stays with you now: How sure are you about this: …")
    assert sees(own, "The answer to this is private now, unless you choose it: What was hard?")


async def test_what_nobody_can_notice_is_no_change(own: OwnPage) -> None:
    await own.world.publish("diary", DIARY)
    own.move(days=1)
    await own.world.publish("diary", DIARY.replace("close after: 3 days", "close after: 4 days"))
    assert len(await own.site.parts.database.read(lambda conn: scripts.published_since(conn, own.site.now))) == 1
    await own.look("changes")
    assert not sees(own, "Tuesday 3 March 2026")


async def test_changes_from_before_somebody_came_and_of_staffs_own_questions_are_none(own: OwnPage) -> None:
    before = own.world.clock.now
    own.world.clock.now = before - timedelta(days=30)
    await own.world.publish("diary", DIARY)
    await own.world.publish("diary", DIARY.replace("Was something hard?", "Was anything hard?"))
    own.world.clock.now = before
    of_staff = "dialogue: talk\nlanguage: en\nfor: specialist\nsteps:\n  a:\n    say: Hello staff.\n"
    await own.world.publish("talk", of_staff)
    await own.look("changes")
    assert not sees(own, "Was anything hard?")
    assert not sees(own, "Hello staff")


# Settings -------------------------------------------------------------------------------------------------------------


async def test_choices_stand_in_the_words_of_their_questions_and_open_in_the_chat(own: OwnPage) -> None:
    await own.look("settings")
    assert sees(own, "Which day is good for you? Tuesday", "Can other people see your phone? Not chosen")
    form = next(each for each in own.phone.page.forms if '"phone_shared"' in str(each.buttons["Change this"]))
    await own.phone.post(form.action, form.sent("Change this"))
    assert sees(own, "Can other people see your phone?")
    assert own.phone.page.form("Yes")


async def test_the_decision_to_take_part_stands_there_with_its_day(own: OwnPage) -> None:
    await own.person.onboards()
    await own.look("settings")
    assert sees(own, "Whether you take part", "Yes", "(Monday 2 March 2026)")


async def test_a_choice_changes_what_stands_there_and_the_name_of_the_page(own: OwnPage) -> None:
    for address in ("/me", "/chat"):
        assert "<title>Medvind</title>" in await (await own.phone.get(address)).text()
    await own.opens("phone_shared")
    await own.person.chooses("yes")
    await own.look("settings")
    assert sees(own, "Can other people see your phone? Yes")
    for part in ("", "sent", "delete"):
        html = await (await own.phone.get(f"/me/{part}" if part else "/me")).text()
        assert "<title>Page</title>" in html
        assert "Medvind" not in html
    chat = await (await own.phone.get("/chat")).text()
    assert "<title>Page</title>" in chat
    assert "Medvind" not in chat.partition("<main")[0]


# Agreements, goals, story, workplaces, web ----------------------------------------------------------------------------


async def test_an_agreement_stands_there_with_its_history(own: OwnPage) -> None:
    now = own.site.now

    def put(conn: Connection) -> None:
        cipher = people.participant(conn, own.site.parts.vault, own.person.id).cipher
        about = {"participant_id": own.person.id, "number": 1, "language": "en", "staff_id": own.site.specialist}
        first = Agreement(
            **about,  # type: ignore[arg-type]
            revision=1,
            what="Ring the café",
            sign="We have a day",
            owner="together",
            due=now.date(),
            state="proposed",
            made_by="specialist",
            confirmed_by_participant_at=None,
            confirmed_by_specialist_at=now,
            at=now,
        )
        agreements.put(conn, cipher, first)

    await own.site.parts.database.write(put)
    await own.look("agreements")
    assert sees(own, "Ring the café", "It waits for your answer.", "You and Kim Berg do it together.")
    assert sees(
        own, "For Monday 2 March 2026", "Done when: We have a day", "Written by Kim Berg on Monday 2 March 2026"
    )


async def test_goals_and_steps_stand_there_in_own_words(own: OwnPage) -> None:
    await own.look("goals")
    assert sees(own, "You have written no goal and no step.")
    await own.world.publish("wish", WISH)
    own.world.holding("wish")
    await own.person.says("start")
    await own.person.says("A job with bread")
    await own.person.says("Visit the bakery")
    await own.person.chooses("4")
    await own.look("goals")
    assert sees(own, "A job with bread", "Your goal now, Monday 2 March 2026", "Visit the bakery")
    assert sees(own, "4, Monday 2 March 2026")


WISH = """
dialogue: wish
language: en
steps:
  goal:
    ask: What do you want?
    answer: text
    tags: goal:new
  step:
    ask: What is a small step?
    answer: text
    tags: goal:step
  sure:
    ask: How sure are you?
    answer: scale 1 to 5
    tags: goal:sure
  more:
    ask: Anything else?
    answer: text
"""


async def test_the_work_story_stands_there(own: OwnPage) -> None:
    await own.look("story")
    assert sees(own, "You have told nothing of your work story.")
    await own.opens("work_story")
    await own.person.chooses("work_before")
    await own.person.says("Nurse for nine years")
    await own.person.skips_all()
    await own.look("story")
    assert sees(own, "What work did you do before?", "Nurse for nine years")
    assert not sees(own, "Which piece of your work story")


async def test_workplaces_stand_side_by_side_with_the_latest_answers(own: OwnPage) -> None:
    await own.look("workplaces")
    assert sees(own, "You have said nothing about a workplace.")
    await own.world.publish("workplace", PLACES)
    own.world.holding("workplace")
    for place, knew in (("Bakery", "yes"), ("", "no"), ("Library", "yes")):
        await own.person.says("start")
        await (own.person.says(place) if place else own.person.presses("skip"))
        await own.person.chooses(knew)
        await own.person.skips_all()
        own.move(days=7)
    html = await (await own.phone.get("/me/workplaces")).text()
    table = " ".join(plain(re.sub(r"<[^>]+>", " ", html[html.index("<table") : html.index("</table")])).split())
    assert table == "Question Bakery Library Did you know what to do? No Yes"
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 1


PLACES = """
dialogue: workplace
language: en
remember:
  last: workplace/place
steps:
  hello:
    when: last was answered
    say: Last time it was {last}.
  place:
    ask: Where do you work?
    answer: text
    label: Workplace
  knew:
    ask: Did you know what to do?
    answer: yes or no
    label: Clear
  more:
    ask: Anything else?
    answer: text
    label: More
"""


async def test_the_web_stands_there_in_words_and_as_a_picture(own: OwnPage) -> None:
    await own.look("web")
    assert sees(own, "There is nothing in your web.")
    await own.world.publish("knot", KNOT)
    own.world.holding("knot")
    await own.person.says("start")
    await own.person.chooses("noise")
    await own.person.says("A break at ten")
    html = await (await own.phone.get("/me/web")).text()
    assert sees(own, "Your web", "Noise", "A break at ten")
    assert "<svg" in html


KNOT = """
dialogue: knot
language: en
steps:
  what:
    ask: What makes it harder?
    answer: one of
    options:
      noise: Noise
      bills: Bills
    tags: web:what
  helps:
    ask: What helps?
    answer: text
    tags: web:helps
  more:
    ask: Anything else?
    answer: text
"""


# A copy ---------------------------------------------------------------------------------------------------------------


async def test_the_copy_as_data_holds_everything(own: OwnPage) -> None:
    await own.person.onboards()
    await own.person.skips_all()
    await wrote(own.world, "step", person=own.person)
    response = await own.phone.client.post("/me/copy", data={"as": "json"}, headers=OURS)
    assert response.status == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    copy = json.loads(await response.text())
    assert copy["person"]["name"] == "Sam"
    assert [one["name"] for one in copy["person"]["specialists"]] == ["Kim Berg"]
    assert "onboarding/taking_part" in {one["question"] for one in copy["decisions"]}
    diary = next(each for each in copy["conversations"] if each["dialogue"] == "diary")
    given = {one["question"]: one for one in diary["answers"]}
    assert (given["diary/step"]["words"], given["diary/step"]["asked"]) == (STEP, "What is your next step?")
    assert given["diary/what"]["in_words"] == "Noise, Sleep"
    assert copy["shared"][0]["lines"][0]["answer"]["words"] == STEP
    assert any(STEP in json.dumps(each["body"]) for each in copy["messages"])
    assert copy["plan"]["takes_part"] is True
    assert [(one["who"], one["what"]) for one in copy["access"]] == [("You", "copy taken")]
    assert not re.search(r'"(sealed_\w+|data_key)"', json.dumps(copy))


async def test_the_copy_as_data_has_every_table_of_the_person(own: OwnPage) -> None:
    """A table that is new has to be in the copy, or has to hold nothing that a person could read."""
    response = await own.phone.client.post("/me/copy", data={"as": "json"}, headers=OURS)
    copy = json.loads(await response.text())
    where = {
        "address": "person",
        "agreement": "agreements",
        "answer": "conversations",
        "assignment": "person",
        "card": "shared",
        "consent": "decisions",
        "contact_log": "contacts",
        "conversation": "conversations",
        "emergency": "emergencies",
        "inbox": "messages",
        "outbox": "messages",
        "reply": "replies",
        "translation": "translations",
    }
    only_hashes = {"access_link", "invitation", "web_session"}
    plans_of_staff = {"snooze"}
    """When a specialist looks at a request again, which nobody else sees."""
    assert {table.name for table in owned_tables()} == where.keys() | only_hashes | plans_of_staff
    assert set(where.values()) <= copy.keys()


async def test_the_copy_to_read_needs_nothing_else(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    response = await own.phone.client.post("/me/copy", data={"as": "html"}, headers=OURS)
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.html"'
    html = await response.text()
    assert html.startswith("<!doctype html>")
    assert STEP in html
    assert OWN in html
    assert "Kim Berg" in html
    assert not re.search(r"(src|href)=", html), "it loads nothing"
    found = await own.site.parts.database.read(lambda conn: audit.records(conn, own.person.id))
    assert [(each.action, each.details) for each in found] == [("copy taken", {"as": "html"})]


# Everything -----------------------------------------------------------------------------------------------------------


async def test_everything_is_deleted_after_two_steps(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    await own.look("delete")
    assert sees(own, "All your answers, agreements and choices are deleted for good.", "Kim Berg is not told.")
    await own.phone.press("Go on")
    assert sees(own, "Delete everything now?", "No, keep it")
    assert (await own.person.answered())["step"] == STEP, "nothing is done yet"
    await own.phone.press("Yes, delete everything")
    assert sees(own, "Everything is deleted", "Help now")
    parts = own.site.parts
    with pytest.raises(Erased):
        await parts.database.read(lambda conn: people.participant(conn, parts.vault, own.person.id))
    assert await own.site.shared() == []
    assert await parts.database.read(lambda conn: people.caseload(conn, parts.vault, own.site.specialist)) == []
    assert await parts.database.read(lambda conn: checkins.last_talk(conn, own.person.id)) is None
    await own.phone.get("/me")
    assert own.phone.status == 403
    await own.phone.get(f"/c/{own.site.token}")
    assert own.phone.status == 404, "the personal link is gone too"


async def test_whoever_holds_messages_back_is_told_of_an_erasure(own: OwnPage) -> None:
    told: list[int] = []
    parts, app = own.site.parts, web.Application()
    shared = {"database": parts.database, "vault": parts.vault, "catalogs": parts.catalogs}
    add_chat(app, turns=parts.turns, **shared, programme=parts.programme, now=parts.now)  # type: ignore[arg-type]
    sources = Sources(parts.vault, parts.shelf, parts.catalogs, parts.programme)
    add_my_page(app, sources, [told.append])
    async with TestClient(TestServer(app)) as client:
        response = await client.post("/me/delete", data={"sure": "yes"}, headers=OURS, cookies={"medvind": SESSION})
        assert response.status == 200
    assert told == [own.person.id]


# The door from a messenger --------------------------------------------------------------------------------------------


async def new_door(own: OwnPage, token: str) -> None:
    vault, now = own.site.parts.vault, own.site.now
    own.phone.client.session.cookie_jar.clear()
    await own.site.parts.database.write(lambda conn: door.add_door(conn, vault, own.person.id, token, now))


async def test_a_door_opens_the_page_once_and_for_an_hour(own: OwnPage) -> None:
    await new_door(own, "open-sesame")
    for _ in range(2):
        await own.phone.get("/me/in/open-sesame")
        assert own.phone.status == 200, "looking at it changes nothing"
    page = own.phone.page
    await own.phone.press("Open my page")
    assert sees(own, "What is kept", "What you shared")
    own.phone.page = page
    own.phone.client.session.cookie_jar.clear()
    await own.phone.press("Open my page")
    assert own.phone.status == 404
    assert sees(own, "It worked once, or it is too old.")


async def test_the_session_behind_a_door_is_short(own: OwnPage) -> None:
    await new_door(own, "open-sesame")
    await own.phone.post("/me/in/open-sesame", [])
    own.site.now += timedelta(minutes=59)
    await own.look()
    own.site.now += timedelta(minutes=2)
    await own.phone.get("/me")
    assert own.phone.status == 403


async def test_a_door_shuts_after_a_while(own: OwnPage) -> None:
    await new_door(own, "open-sesame")
    own.site.now += door.OPENS_WITHIN
    await own.phone.get("/me/in/open-sesame")
    assert own.phone.status == 404
    await own.phone.post("/me/in/open-sesame", [])
    assert own.phone.status == 404


async def test_a_door_is_no_personal_link_and_a_personal_link_no_door(own: OwnPage) -> None:
    await new_door(own, "open-sesame")
    await own.phone.post("/c/open-sesame", [("language", "en")])
    assert own.phone.status == 404
    await own.phone.post(f"/me/in/{own.site.token}", [])
    assert own.phone.status == 404
    await own.phone.arrive()
    assert own.phone.status == 200, "the personal link still works"


# The wording ----------------------------------------------------------------------------------------------------------

SAID_BY_NAME = (
    "me.rule.",
    "me.role.",
    "me.done.",
    "me.goal.",
    "me.agreement.by.",
    "me.agreement.owner.",
    "staff/opinion.",
)
"""What the beginnings are of texts whose names are put together."""


def test_no_text_is_too_many() -> None:
    """A text that no page says would be translated for nothing."""
    bot = Path(door.__file__).parents[1]
    places = [*(bot / "my_page").glob("*.py"), *(bot / "channels/templates").glob("*.html"), bot / "own_data.py"]
    places += [
        *(bot / "channels").glob("web_*.py"),
        bot / "console/opinions.py",
        bot / "console/templates/script.html",
    ]
    source = "\n".join(path.read_text(encoding="utf-8") for path in places)
    titles = {f"me.{part}.title" for part in PARTS}
    states = {f"me.agreement.{state}" for state in get_args(State)}
    for context in MY_PAGE:
        name = context.removeprefix("ui/")
        if name.startswith(SAID_BY_NAME) or name in titles | states:
            continue
        short = name.removeprefix("me.").removeprefix("staff/")
        assert re.search(rf"""["'/.]{re.escape(short)}["'\s}}]""", source), f"{context} is never said"


def test_every_state_role_and_owner_has_words() -> None:
    for name, values in (("agreement.", get_args(State)), ("agreement.owner.", get_args(Owner)), ("role.", ROLES)):
        for value in values:
            assert f"ui/me.{name}{value}" in WORDING
    assert {f"ui/me.goal.{state}" for state in GoalState} <= WORDING.keys()
