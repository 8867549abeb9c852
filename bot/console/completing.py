"""Completing: what the script editor offers at a place of a text, and what its field says, as data for the browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from dialogues import meanings
from dialogues.drawings import DRAWINGS, FACES
from dialogues.model import AnswerKind, Audience, Test
from dialogues.reading.grammar import FILLED_IN, KEYS_OF_STEP, PICTURES, STEP_KEYS, TOP_KEYS

_YES = ["yes", "no"]


@cache
def script_grammar() -> str:
    """JSON: the keys of the top, of each kind of step and of all steps, and the values that a key can have."""
    answers = ["scale 1 to 5" if kind is AnswerKind.SCALE else kind.value for kind in AnswerKind]
    return json.dumps(
        {
            "top": TOP_KEYS,
            "steps": {**KEYS_OF_STEP, "ask": [key for key in STEP_KEYS if key not in _OF_OTHERS]},
            "every_step": STEP_KEYS,
            "placeholders": FILLED_IN,
            "drawings": DRAWINGS,
            "tests": [test.value for test in Test],
            "values": {
                "answer": answers,
                "for": [audience.value for audience in Audience],
                "picture": (*PICTURES, FACES),
                "own words": _YES,
                "private": _YES,
                "tags": sorted(meanings.MEANINGS),
            },
        }
    )


def code_phrases(texts: Mapping[str, str]) -> str:
    """JSON: what CodeMirror says in English -> the same in the language of the page."""
    return json.dumps({said: texts[f"code_{name}"] for said, name in _PHRASES.items()}, ensure_ascii=False)


_PHRASES = {
    "Find": "find",
    "Replace": "replace",
    "next": "next",
    "previous": "previous",
    "all": "all",
    "match case": "case",
    "by word": "word",
    "regexp": "pattern",
    "replace": "replace_one",
    "replace all": "replace_all",
    "close": "close",
    "Go to line": "line",
    "go": "go",
    "Diagnostics": "problems",
    "No diagnostics": "no_problems",
    "Completions": "offered",
    "current match": "match",
    "on line": "on_line",
    "replaced match on line $": "replaced",
    "replaced $ matches": "replaced_all",
}
_OF_OTHERS = {"say", "share", "run", "offer"}
