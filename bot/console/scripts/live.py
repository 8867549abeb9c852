"""Live: what the program of the editor asks while somebody writes. Nothing of it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.console.access import only
from bot.console.desk import DESK, render, words_for
from bot.console.scripts import sentences
from bot.console.scripts.bench import LARGEST, Bench, at, dialogue_of
from bot.digest.words import StaffWords
from bot.editor import changing, edits
from bot.editor.cards import SHOWN_APART, Card
from bot.editor.checking import Review, breaks, review
from bot.editor.edits import CannotEdit
from dialogues.model import AnswerKind
from dialogues.reading.grammar import KEYS_OF_ANSWER, KEYS_OF_STEP
from dialogues.reading.signs import LARGEST as LARGEST_SCRIPT
from storage import drafts
from storage.people import Staff


class _Senseless(Exception):
    """What was sent makes no sense."""


@only("coordinator")
async def check(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Everything that can be said of a text."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    try:
        text = _text(await _sent(request))
    except _Senseless:
        return _trouble(words.say("edit_senseless"))
    bench, current = await at(request, staff)
    found = review(text, current.dialogue, current.library, desk.programme, bench.scripts)
    shown = sentences.found_in(found, text, words)
    context = page_context(found, shown, current.dialogue, current.mark, sentences.facts(found.size, words))
    return _json(
        {
            "problems": [one.as_json() for one in shown],
            "cards": [_card(card) for card in found.outline.cards],
            "head": dict(found.outline.head),
            "readable": found.outline.readable,
            "facts": context["facts"],
            "html": {
                "cards": render(request, "script_cards.html", staff, **context),
                "problems": render(request, "script_problems.html", staff, **context),
                "facts": render(request, "script_facts.html", staff, **context),
            },
        }
    )


def page_context(
    found: Review, shown: list[sentences.Found], dialogue: str, mark: str, facts: list[str]
) -> dict[str, Any]:
    """What the parts of the editor's page need that are drawn anew while somebody writes."""
    by_step: dict[str, int] = {}
    for one in shown:
        by_step[one.step] = by_step.get(one.step, 0) + (not one.advice)
    return {
        "cards": found.outline.cards,
        "head": found.outline.head,
        "readable": found.outline.readable,
        "problems": [one for one in shown if not one.advice],
        "advice": [one for one in shown if one.advice],
        "by_step": by_step,
        "possible": {card.step: _possible(card) for card in found.outline.cards},
        "dialogue": dialogue,
        "mark": mark,
        "facts": facts,
        "script_language": found.script.language if found.script else "en",
    }


def _possible(card: Card) -> tuple[str, ...]:
    """The keys that a card can set beside what it shows in a place of their own."""
    known = KEYS_OF_ANSWER.get(_kind(card.answer), ()) if card.kind == "ask" else KEYS_OF_STEP.get(card.kind, ())
    return tuple(key for key in known if key not in SHOWN_APART)


def _kind(answer: str) -> AnswerKind:
    if answer.startswith("scale"):
        return AnswerKind.SCALE
    return AnswerKind(answer) if answer in {kind.value for kind in AnswerKind} else AnswerKind.OK


@only("coordinator")
async def edit(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The text with one change, and what the change would break."""
    words = words_for(request.app[DESK], staff)
    try:
        sent = await _sent(request)
        text, wanted = _text(sent), sent.get("edit")
        if not isinstance(wanted, dict):
            raise _Senseless
        change = edits.from_fields(wanted)
        changed = changing.apply(text, change)
    except _Senseless:
        return _trouble(words.say("edit_senseless"))
    except CannotEdit as why:
        return _trouble(sentences.cannot(why, words))
    bench, current = await at(request, staff)
    broken = breaks(text, changed, current.dialogue, current.library)
    shown = [sentences.found(one, words) for one in broken]
    lost = answers_lost(bench, current.dialogue, change, words)
    html = render(request, "script_breaks.html", staff, broken=shown, lost=lost) if shown or lost else ""
    return _json({"text": changed, "breaks": [one.as_json() for one in shown], "answers": lost, "html": html})


def answers_lost(bench: Bench, dialogue: str, change: edits.Edit, words: StaffWords) -> str:
    """What becomes of answers that were given already, where a name goes."""
    published = bench.scripts.get(dialogue)
    if published is None:
        return ""
    match change:
        case edits.RemoveStep(step) | edits.RenameStep(step) if f"{dialogue}/{step}" in published.by_key:
            text = "edit_step_removed" if isinstance(change, edits.RemoveStep) else "edit_name_lost"
            return words.say(text, name=step)
        case edits.RenameOption(step, option):
            known = published.by_key.get(f"{dialogue}/{step}")
            if option in {each.name for each in getattr(known, "options", ())}:
                return words.say("edit_name_lost", name=option)
    return ""


@only("coordinator")
async def here(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Somebody has the editor open; who else has."""
    desk, dialogue = request.app[DESK], dialogue_of(request)
    found, _ = await at(request, staff)
    await desk.database.write(lambda conn: drafts.note_presence(conn, dialogue, staff.id, desk.now()))
    return _json({"others": found.others(dialogue, staff)})


async def _sent(request: web.Request) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    body = await request.clone(client_max_size=LARGEST).read()
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise _Senseless from None
    if not isinstance(sent, dict):
        raise _Senseless
    return sent


def _text(sent: Mapping[str, Any]) -> str:
    text = sent.get("text")
    if not isinstance(text, str):
        raise _Senseless
    if len(text.encode("utf-8", "replace")) > LARGEST_SCRIPT:
        raise web.HTTPRequestEntityTooLarge(LARGEST_SCRIPT, len(text))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _card(card: Card) -> dict[str, Any]:
    return {**asdict(card), "labels": dict(card.labels), "keys": dict(card.keys)}


def _json(content: Mapping[str, Any]) -> web.Response:
    response = web.json_response(content)
    response.enable_compression()  # The cards of a long script are a quarter of a megabyte, each time somebody pauses.
    return response


def _trouble(sentence: str) -> web.Response:
    return web.json_response({"trouble": sentence}, status=422)
