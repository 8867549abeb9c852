"""Shipped: what comes along with Medvind, read once for all tests of a process.

Nothing changes it meanwhile, and reading a dozen languages for each of a thousand small services would be most of what
the tests do.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
import pytest

from bot import app
from bot.catalogs import catalogs
from bot.catalogs.sources import Wording
from bot.config import LOCALES, SCRIPTS
from bot.wording import WORDING


def read_once(patch: pytest.MonkeyPatch) -> None:
    """From now on, the shipped catalogues, scripts and templates are read at their first use only."""
    load, read, compiled = catalogs._load, app.read_folder, jinja2.Environment.compile
    language, scripts = cache(partial(load, LOCALES, wording=WORDING)), cache(partial(read, SCRIPTS))
    pages: dict[object, CodeType] = {}

    def loaded(folder: Path, code: str, wording: Wording) -> Any:
        return language(code) if folder == LOCALES and wording is WORDING else load(folder, code, wording)

    def page(env: jinja2.Environment, source: str, name: str | None = None, file: str | None = None) -> CodeType:
        key = (source, name, file, env.trim_blocks, env.lstrip_blocks, env.autoescape, env.undefined)
        if key not in pages:
            pages[key] = compiled(env, source, name, file)
        return pages[key]

    patch.setattr(jinja2.Environment, "compile", page)
    patch.setattr(catalogs, "_load", loaded)
    patch.setattr(app, "read_folder", lambda folder: scripts() if folder == SCRIPTS else read(folder))
