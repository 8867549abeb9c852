"""A talk: a conversation that is held and worded, without a channel and without a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.catalogs import Catalogs
from bot.catalogs.sources import script_texts
from bot.messages import Button, Outbound
from bot.rendering import Voice, rendered
from bot.shelf import Published
from bot.speaking import Speaking
from dialogues.answers import chosen, understand
from dialogues.engine import Back, ChooseLines, Input, Keep, ShareAll, ShareLines, Skip
from dialogues.loader import load
from dialogues.meanings import ASK
from dialogues.model import Script
from dialogues.session import Answer
from tests.bot.digest_samples import plain
from tests.bot.turn_world import catalogs, shipped
from tests.dialogues.held import Given, Held

NAMES = {"name": "Amina", "specialist": "Anna", "month": "5 May: Good"}
LANGUAGES = ("en", "nb", "ar", "uk")
MARK = "~"
"""Every text of the marked language begins with it, so that a text of another language shows."""
SIMPLE: Mapping[str, Input] = {
    "skip": Skip(),
    "does_not_fit": Skip(does_not_fit=True),
    "back": Back(),
    "keep": Keep(),
    "share_all": ShareAll(),
    "share_choose": ChooseLines(),
    "share_none": ShareLines(),
}


@dataclass
class Talk:
    """One conversation in one language. ``told`` is everything that was shown, ``last`` what the last input brought."""

    held: Held
    voice: Voice
    published: Published
    last: list[Outbound] = field(default_factory=list)
    told: list[Outbound] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hear(rendered(self.voice, self.held.session, self.held.last))

    def send(self, *given: Given) -> list[Outbound]:
        """Send inputs: what the last one brought."""
        for each in given:
            events = self.held.send(each)
            self._hear(rendered(self.voice, self.held.session, events))
        return self.last

    def type(self, *texts: str) -> list[Outbound]:
        """Answer questions in writing."""
        for text in texts:
            vocabulary = Speaking(catalogs()).vocabulary(self.published, self.held.ask, self.voice)
            self.send(understand(self.held.ask, self.held.session, text, vocabulary))
        return self.last

    def tap(self, button: Button) -> list[Outbound]:
        """Press a button: it says by itself what it does."""
        return self.send(self.meant(button))

    def meant(self, button: Button) -> Input:
        """What a button does to the engine."""
        match button.tap.action:
            case "choose":
                return chosen(self.held.ask, self.held.session, button.tap.choices)
            case "share_lines":
                return ShareLines(button.tap.choices)
            case action:
                return SIMPLE[action]

    @property
    def asked(self) -> Outbound:
        """What waits."""
        return self.last[-1]

    @property
    def actions(self) -> list[str]:
        """What the controls do, in their order."""
        return [button.tap.action for button in self.asked.controls]

    @property
    def buttons(self) -> list[str]:
        """What the buttons are called, without the marks around names."""
        return [plain(button.label) for button in self.asked.buttons]

    @property
    def texts(self) -> list[str]:
        """What the last input brought, without the marks around names."""
        return [plain(message.text) for message in self.last]

    def _hear(self, messages: list[Outbound]) -> None:
        self.last = messages
        self.told += messages


def talk(
    source: str | Script,
    language: str = "en",
    remembered: Mapping[str, Answer] | None = None,
    resting: frozenset[str] = frozenset(),
    library: Mapping[str, str] | None = None,
    names: Mapping[str, str] = NAMES,
    sharing: str = ASK,
    suggested: Mapping[str, Answer] | None = None,
) -> Talk:
    """Begin a talk. A shipped script is named by its dialogue; one of a test's own is only there in English."""
    if isinstance(source, str):
        source = shipped().scripts.get(source) or load(source, library or {})
    published = as_published(source)
    held = Held.begin(source, remembered, resting, sharing=sharing, suggested=suggested)
    return Talk(held, voice(published, language, names), published)


def marked_talk(
    script: Script,
    remembered: Mapping[str, Answer] | None = None,
    resting: frozenset[str] = frozenset(),
    sharing: str = ASK,
) -> Talk:
    """A talk in a language in which every text is marked."""
    texts = {context: MARK + text for context, text in script_texts(script).items()}
    ui = {context: MARK + text for context, text in catalogs().ui("en").items()} | {"ui/separator": "+"}
    published = Published(script.dialogue, 1, script, {"en": texts})
    in_marks = Voice(script, texts, ui, MarkedPlurals(), "en", 7, {name: MARK + name for name in NAMES})
    return Talk(Held.begin(script, remembered, resting, sharing=sharing), in_marks, published)


def voice(published: Published, language: str, names: Mapping[str, str] = NAMES) -> Voice:
    """How a conversation with this version is worded."""
    return Voice(
        script=published.script,
        texts=published.texts[language],
        ui=catalogs().ui(language),
        plurals=catalogs(),
        language=language,
        conversation=7,
        names=dict(names),
    )


def as_published(script: Script, of: Catalogs | None = None) -> Published:
    """A script as if it had been published: with its texts in every language that has them all."""
    known = of or catalogs()
    found = {language: known.script_texts(script, language) for language in known.languages}
    return Published(script.dialogue, 1, script, {language: texts for language, texts in found.items() if texts})


class MarkedPlurals:
    """The plurals of the marked language."""

    def count(self, language: str, context: str, n: int) -> str:
        return MARK + catalogs().count(language, context, n)


def strings(message: Outbound) -> Iterator[str]:
    """Every text of a message that is worded, and none that the person wrote."""
    yield message.text
    yield from (text for button in (*message.buttons, *message.controls) for text in (button.label, button.group))
    yield message.placeholder
    for line in message.lines:
        yield line.label
        yield from line.value.split("+")
