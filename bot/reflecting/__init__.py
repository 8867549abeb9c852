"""Reflecting: a specialist's own check-in, which only that specialist ever sees."""

from bot.reflecting.playing import Heard as Heard
from bot.reflecting.playing import Opened as Opened
from bot.reflecting.playing import Setting as Setting
from bot.reflecting.playing import begin as begin
from bot.reflecting.playing import forget as forget
from bot.reflecting.playing import hear as hear
from bot.reflecting.playing import opened as opened
from bot.reflecting.playing import waiting as waiting
