"""Speaking: which words a conversation has: the texts of its version, the wording around them, and the vocabulary by
which typed answers are understood."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from bot.catalogs import Catalogs
from bot.catalogs.forms import MAN, NEUTRAL, WOMAN
from bot.digest.answering import Expected
from bot.lines import option_text, point_text
from bot.questions import Question
from bot.rendering import Voice, never, nobody
from bot.shelf import Published
from dialogues.answers import Vocabulary
from dialogues.model import AnswerKind, Ask
from dialogues.texts import fill

Who = Callable[[str], str]
"""Who or what ``name``, ``specialist`` and ``month`` stand for in texts; a ``specialist`` may be nobody, "". Raises
KeyError for anything else."""


class Names(dict[str, str]):
    """What stands for names in texts: opened when a text needs it, because most texts need none."""

    def __init__(self, who: Who, nobody: str) -> None:
        self._who = who
        self._nobody = nobody

    def __missing__(self, wanted: str) -> str:
        opened = self._who(wanted)
        self[wanted] = opened = opened or (self._nobody if wanted == "specialist" else "")
        return opened


class Speaking:
    """Voices and vocabularies for the languages that are at hand. ``reads`` is how often specialists read."""

    def __init__(self, catalogs: Catalogs, reads: str = "on working days") -> None:
        self.catalogs = catalogs
        self._reads = reads
        self._vocabulary = lru_cache(maxsize=4096)(self._make_vocabulary)
        self._words = lru_cache(maxsize=256)(self._find_words)

    def voice(
        self,
        published: Published,
        wished: str,
        conversation: int,
        who: Who,
        *,
        discreet: bool = False,
        form: str = NEUTRAL,
        translates: Callable[[], bool] = never,
        expected: Callable[[], Expected | None] = nobody,
        wants_faces: Callable[[], bool] = never,
    ) -> Voice:
        """How one conversation is worded: all of it in the wished language, or all in the script's own."""
        words = self._words(published, wished, form)
        return Voice(
            published.script,
            words.texts,
            words.ui,
            words.plurals,
            words.language,
            conversation,
            Names(who, words.nobody),
            self._reads,
            expected,
            translates,
            wants_faces,
            discreet,
            words.questions,
        )

    def _find_words(self, published: Published, wished: str, form: str) -> _Words:
        catalogs = self.catalogs.in_form(form)
        language = self._at_hand(published.language_for(wished))
        ui = catalogs.ui(language)
        return _Words(published.worded(language, form), ui, catalogs, language, ui["ui/specialist"], {})

    def vocabulary(self, published: Published, ask: Ask, voice: Voice) -> Vocabulary:
        """What the options of a question are called, the person's language first, then every other."""
        known = self._vocabulary(published, ask.key, voice.language)
        if not any("{" in text for texts in known.labels.values() for text in texts):
            return known
        values = ChainMap({"each": ""}, voice.names)
        labels = {
            option: tuple(fill(text, values, isolate=False) for text in texts) for option, texts in known.labels.items()
        }
        return Vocabulary(labels, known.joins)

    def _make_vocabulary(self, published: Published, key: str, language: str) -> Vocabulary:
        ask = published.script.by_key[key]
        assert isinstance(ask, Ask), "only questions have options"
        languages = [language, *(each for each in published.texts if each != language)]
        languages = [each for each in languages if each in self._all]
        labels = {
            option: tuple(
                dict.fromkeys(text for each in languages for text in self._texts(published, ask, option, each))
            )
            for option in every_option(ask)
        }
        return Vocabulary(labels, tuple(dict.fromkeys(_joins(self.catalogs.ui(each)["ui/and"]) for each in languages)))

    def _texts(self, published: Published, ask: Ask, option: str, language: str) -> Iterator[str]:
        """In every form: who chose another one may still say what stood there before."""
        for form in (NEUTRAL, WOMAN, MAN):
            texts, ui = published.worded(language, form), self.catalogs.in_form(form).ui(language)
            yield from _option_texts(ask, option, texts, ui, language)

    @property
    def _all(self) -> tuple[str, ...]:
        return self.catalogs.languages

    def _at_hand(self, language: str) -> str:
        return language if language in self._all else self._all[0]


class _Words(NamedTuple):
    """The words of a published version in one language and form, and its questions that are in words already."""

    texts: Mapping[str, str]
    ui: Mapping[str, str]
    plurals: Catalogs
    language: str
    nobody: str
    """What a specialist is called where there is none."""
    questions: dict[str, Question]


def _option_texts(
    ask: Ask, option: str, texts: Mapping[str, str], ui: Mapping[str, str], language: str
) -> Iterator[str]:
    if ask.scale is None:
        yield option_text(ask, option, texts, ui)
        return
    yield point_text(ask, int(option), texts, language)
    end = {ask.scale.low: "low", ask.scale.high: "high"}.get(int(option))
    if end and (text := texts.get(f"{ask.key}/{end}")) is not None:
        yield text


def _joins(word: str) -> tuple[str, ...]:
    """How "and" stands between two things. The Arabic one is written onto the second of them."""
    return (f" {word} ", f" {word}") if word == "\u0648" else (f" {word} ",)


def every_option(ask: Ask) -> list[str]:
    """The names of all options of a question, in order; points of a scale are numbers as text."""
    match ask.kind:
        case AnswerKind.YES_OR_NO:
            return ["yes", "no"]
        case AnswerKind.SCALE if ask.scale is not None:
            return [str(point) for point in range(ask.scale.low, ask.scale.high + 1)]
        case _:
            return [option.name for option in ask.options]
