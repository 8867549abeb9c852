"""Loaded: importing this module loads the whole service and reads what comes along with it.

A server process does so once (``tests.forked``); each process that it begins has it all from the start.
"""

from __future__ import annotations

import gc

import dbos
import psycopg
import pytest

from bot import __main__ as command
from bot import admission, app, serving
from bot.catalogs.catalogs import Catalogs
from bot.channels.telegram import bot
from bot.config import LOCALES, SCRIPTS
from storage import migrating
from tests.shipped import read_once

PARTS = (admission, bot, command, dbos, migrating, psycopg, serving)

read_once(pytest.MonkeyPatch())
Catalogs.load(LOCALES, allow_drafts=True)
app.read_folder(SCRIPTS)
gc.freeze()
