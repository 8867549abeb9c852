"""Agreements between a person and their specialist: what an act makes of one, and what is said to one in a chat."""

from __future__ import annotations

from bot.agreements.course import OWNERS as OWNERS
from bot.agreements.course import Act as Act
from bot.agreements.course import Course as Course
from bot.agreements.course import Hand as Hand
from bot.agreements.course import NotNow as NotNow
from bot.agreements.course import NotWritten as NotWritten
from bot.agreements.course import Wording as Wording
from bot.agreements.course import courses as courses
from bot.agreements.course import propose as propose
from bot.agreements.course import wording as wording
from bot.agreements.talk import answered as answered
from bot.agreements.talk import given as given
from bot.agreements.talk import proposal as proposal
from bot.agreements.talk import proposes as proposes
from bot.agreements.talk import remembered as remembered
from bot.agreements.told import told as told
from storage.agreements import Agreement as Agreement
