"""Routes: the addresses of everything about scripts."""

from __future__ import annotations

from aiohttp import web

from bot.console.scripts import (
    comparing,
    deciding,
    editing,
    examples,
    files,
    listing,
    live,
    past,
    reviewing,
    screens,
    texts,
    voices,
)


def routes() -> list[web.RouteDef]:
    """Everything in it."""
    return [
        web.get("/scripts", listing.scripts_page),
        web.post("/scripts", listing.begin_script),
        web.get("/scripts/{dialogue}", editing.script_page),
        web.post("/scripts/{dialogue}", editing.save_text),
        web.post("/scripts/{dialogue}/change", editing.change),
        web.post("/scripts/{dialogue}/discard", editing.discard),
        web.post("/scripts/{dialogue}/take", editing.take_over),
        web.post("/scripts/{dialogue}/check", live.check),
        web.post("/scripts/{dialogue}/edit", live.edit),
        web.post("/scripts/{dialogue}/here", live.here),
        web.get("/scripts/{dialogue}/publish", comparing.publish_page),
        web.post("/scripts/{dialogue}/publish", comparing.publish),
        web.get("/scripts/{dialogue}/history", past.history_page),
        web.get("/scripts/{dialogue}/history/{version:[1-9][0-9]{0,8}}", past.version_page),
        web.post("/scripts/{dialogue}/history/{version:[1-9][0-9]{0,8}}", past.use_again),
        web.get("/scripts/{dialogue}/texts", texts.languages_page),
        web.get("/scripts/{dialogue}/texts/{language}", texts.language_page),
        web.post("/scripts/{dialogue}/texts/{language}", texts.save_translation),
        web.get("/scripts/{dialogue}/review/{language}", reviewing.review_page),
        web.post("/scripts/{dialogue}/review/{language}", reviewing.go_on),
        web.get("/screens", screens.screens_page),
        web.get("/screens/{language}", screens.screen_texts_page),
        web.post("/screens/{language}", screens.save_screen_text),
        web.get("/recordings/{language}/{context:.+}", voices.play),
        web.get("/scripts/{dialogue}/examples", examples.examples_page),
        web.post("/scripts/{dialogue}/examples", examples.record),
        web.post("/scripts/{dialogue}/examples/{number:[1-9][0-9]{0,8}}", examples.right_now),
        web.post("/scripts/{dialogue}/examples/{number:[1-9][0-9]{0,8}}/remove", examples.remove),
        web.get("/scripts/{dialogue}/script.yaml", files.yaml_file),
        web.get("/scripts/{dialogue}/texts.xlsx", files.sheet_file),
        web.get("/scripts/{dialogue}/texts/{language}/texts.po", files.po_file),
        web.post("/scripts/{dialogue}/upload", files.upload),
        web.get("/publications/{number:[1-9][0-9]{0,8}}", deciding.publication_page),
        web.post("/publications/{number:[1-9][0-9]{0,8}}", deciding.decide),
    ]
