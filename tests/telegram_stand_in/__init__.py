"""A stand-in for Telegram's Bot API: a strict server for tests, with people and a page that shows a phone."""

from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.clock import Clock
from tests.telegram_stand_in.faults import Faults
from tests.telegram_stand_in.flood import Limits
from tests.telegram_stand_in.phones import Bubble, Phone
from tests.telegram_stand_in.server import StandIn

__all__ = ["Bot", "Bubble", "Clock", "Faults", "Limits", "Phone", "StandIn"]
