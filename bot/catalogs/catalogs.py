"""Catalogs: every text in every language that is offered, as plain dictionaries built once at start.

A language is offered whole or not at all, so that nobody meets two languages in one conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from bot.catalogs import forms, po, pseudo
from bot.catalogs.audience import is_for_staff
from bot.catalogs.files import catalogue_path, languages_in, template_in
from bot.catalogs.forms import NEUTRAL
from bot.catalogs.language import SOURCE, Language, described, language
from bot.catalogs.po import Entry, PoBroken
from bot.catalogs.safety import is_safety
from bot.catalogs.sources import Wording, script_texts
from bot.catalogs.states import State, is_machine_made, state_of
from bot.catalogs.variants import parent_of, read_whole
from bot.wording import WORDING
from dialogues.model import Script, Share
from dialogues.texts import placeholders

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One language: its texts by context, and what is to be known about them."""

    language: Language
    singular: Texts
    plural: Mapping[str, tuple[str, ...]]
    ui: Texts
    drafted: bool = False
    unreviewed: frozenset[str] = frozenset()
    """Contexts that no reviewer has signed as they stand."""
    missing: tuple[str, ...] = ()
    """Contexts of people's scripts without a usable text."""
    for_staff: bool = True
    """Whether everything that staff read is there too."""
    scripts: Mapping[str, Entry] = field(default_factory=dict)
    """What the catalogue itself holds for scripts, with the text that each was made for."""
    parent: str = ""
    """The language that this one is a variant of: what is written in that needs no translation."""

    @property
    def varies(self) -> bool:
        """Whether any text has words for women and men."""
        return forms.has_variants(
            [*self.singular.values(), *(text for texts in self.plural.values() for text in texts)]
        )

    def in_form(self, form: str) -> _Loaded:
        """The wording in one form; texts of scripts stay as they are written."""
        plural = {context: tuple(forms.in_form(t, form) for t in texts) for context, texts in self.plural.items()}
        return replace(self, ui=forms.all_in_form(self.ui, form), plural=plural)


class Catalogs:
    """The texts of every language that is offered. It is never changed after loading. Where a text has words for women
    and men, it has the neutral ones; ``in_form`` gives the catalogues for somebody who chose others."""

    def __init__(
        self, loaded: Sequence[_Loaded], refused: Mapping[str, str], allow_drafts: bool, form: str = NEUTRAL
    ) -> None:
        self._written = loaded
        self._form = form
        self._varying = frozenset(each.language.code for each in loaded if each.varies)
        self._others: dict[str, Catalogs] = {}
        self._loaded = {
            each.language.code: each.in_form(form) if each.language.code in self._varying else each for each in loaded
        }
        self._allow_drafts = allow_drafts
        self.languages = tuple(code for code in self._loaded if code not in refused)
        """The languages that a person can choose, the source language first."""
        self.staff_languages = tuple(code for code in self.languages if self._loaded[code].for_staff)
        """Those of them that staff can choose as well: some are there for participants alone."""
        self.refused = refused
        """The others that have a catalogue, each with the reason in a sentence."""

    @classmethod
    def load(
        cls,
        locales_folder: Path,
        *,
        allow_drafts: bool,
        only: Sequence[str] | None = None,
        wording: Wording = WORDING,
        with_pseudo: bool = False,
    ) -> Catalogs:
        """Read the catalogues of a folder, or of the languages in ``only``. English needs none.

        A language is refused when a text is missing or holds a placeholder that its source does not have, when
        its file cannot be read, and, unless machine drafts are allowed, when a safety text was not reviewed. If
        only texts of scripts are missing, its wording stays at hand for conversations that are under way. Texts that
        only staff read do not count: where one is missing, the language has none of them. ``with_pseudo`` adds the
        pseudo-languages, which no service offers.
        """
        loaded, refused = [_source(locales_folder, wording)], dict[str, str]()
        for code in languages_in(locales_folder) if only is None else only:
            if code == SOURCE:
                continue
            try:
                one = _load(locales_folder, code, wording)
            except (PoBroken, ValueError, OSError) as wrong:
                refused[code] = str(wrong)
                continue
            if not allow_drafts and (unsigned := sorted(filter(is_safety, one.unreviewed))):
                refused[code] = f"{_some(unsigned)} not reviewed. A native speaker has to read them first."
                continue
            if one.missing:
                refused[code] = f"{_some(one.missing)} missing or with a wrong placeholder."
            loaded.append(one)
        if with_pseudo:
            loaded += [_pseudo(locales_folder, code, wording) for code in pseudo.PSEUDO]
        return cls(loaded, refused, allow_drafts)

    def drafted(self, tongue: Language, forms: Mapping[str, tuple[str, ...]], beside: str) -> Catalogs:
        """Catalogues in which this language, offered or not, has this wording, with the source language and the one
        ``beside``. They are for looking at, and hold no texts of scripts."""
        singular = {context: texts[0] for context, texts in forms.items() if len(texts) == 1}
        plural = {context: texts for context, texts in forms.items() if len(texts) > 1}
        others = [each for each in self._written if each.language.code in {SOURCE, beside} - {tongue.code}]
        return Catalogs([*others, _Loaded(tongue, singular, plural, singular)], {}, self._allow_drafts)

    def varies(self, language: str) -> bool:
        """Whether any text of the language, of scripts or of the wording, has words for women and men."""
        return language in self._varying

    def in_form(self, form: str) -> Catalogs:
        """The same catalogues for somebody who chose this form: made once, and only where it makes a difference."""
        if form == self._form or not self._varying or form not in forms.FORMS:
            return self
        made = self._others.get(form)
        if made is None:
            made = self._others[form] = Catalogs(self._written, self.refused, self._allow_drafts, form)
        return made

    def ui(self, language: str) -> Texts:
        """Every singular text of the wording. Raises KeyError for a language that is not at hand."""
        return self._loaded[language].ui

    def count(self, language: str, context: str, n: int) -> str:
        """The form of a plural text for ``n``, with its ``{n}`` still to be filled in. Raises KeyError."""
        one = self._loaded[language]
        return one.plural[context][one.language.form(n)]

    def script_texts(self, script: Script, language: str) -> Texts | None:
        """Every text of a script, with the dialogues that it runs, or None when the language lacks one: a
        language has all of a script or none of it."""
        written = self.written_texts(script, language)
        return None if written is None else forms.all_in_form(written, self._form)

    def written_texts(self, script: Script, language: str) -> Texts | None:
        """The same as a version of the script is published: with the words for women and men in each text."""
        source = script_texts(script)
        if language == script.language:
            return source
        one = self._loaded.get(language)
        if one is None or not (self._allow_drafts or self._is_signed(script, source, one)):
            return None
        untranslated = source if one.parent == script.language else {}
        found = {context: one.singular.get(context, untranslated.get(context, "")) for context in source}
        return found if all(fits([text], [source[context]]) for context, text in found.items()) else None

    @staticmethod
    def _is_signed(script: Script, source: Texts, one: _Loaded) -> bool:
        sharing = {step.key for step in script.steps if isinstance(step, Share)}
        return not any((c in sharing or is_safety(c)) and c in one.unreviewed for c in source)

    def entry(self, language: str, context: str) -> Entry | None:
        """What the catalogue of a language itself holds for a text of a script; None for none, or no such language."""
        one = self._loaded.get(language)
        return None if one is None else one.scripts.get(context)

    def parent(self, language: str) -> str:
        """The language whose texts this one takes over where it has none of its own, or ""."""
        one = self._loaded.get(language)
        return "" if one is None else one.parent

    @property
    def allow_drafts(self) -> bool:
        """Whether safety texts may be in use that nobody has reviewed."""
        return self._allow_drafts

    def is_machine_draft(self, language: str) -> bool:
        """Whether any text of the language was drafted by a machine and not taken over by a person since."""
        return self._loaded[language].drafted

    def direction(self, language: str) -> Literal["ltr", "rtl"]:
        """The direction in which the language is written."""
        return self._loaded[language].language.direction

    def name(self, language: str) -> str:
        """The language's own name for itself."""
        return self._loaded[language].language.name


def _some(contexts: Sequence[str]) -> str:
    return f"{len(contexts)} texts ({', '.join(contexts[:3])}{' …' if len(contexts) > 3 else ''}) are"


def _source(locales_folder: Path, wording: Wording) -> _Loaded:
    """The source language: the wording itself, and translations of scripts that are written in another one."""
    path = catalogue_path(locales_folder, SOURCE)
    entries = [e for e in po.read(path, with_hints=False).live if is_usable(e)] if path.exists() else []
    ui = {context: text for context, text in wording.items() if isinstance(text, str)}
    return _Loaded(
        language(SOURCE),
        singular={**{entry.context: entry.texts[0] for entry in entries}, **ui},
        plural={context: pair for context, pair in wording.items() if isinstance(pair, tuple)},
        ui=ui,
        drafted=any(map(is_machine_made, entries)),
        unreviewed=frozenset(entry.context for entry in entries if state_of(entry) is not State.REVIEWED),
        scripts={entry.context: entry for entry in entries if entry.context not in wording},
    )


def _load(locales_folder: Path, code: str, wording: Wording) -> _Loaded:
    """One language. Raises PoBroken, OSError, and ValueError where its wording is incomplete."""
    own = po.read(catalogue_path(locales_folder, code), with_hints=False)
    tongue, parent = described(code, own.header), parent_of(locales_folder, code)
    file = read_whole(locales_folder, code, with_hints=False) if parent else own
    if own.header.get("Plural-Forms") != tongue.plural_forms:
        raise ValueError("the Plural-Forms of its file are not those of the language. Run update.")
    made = _made(tongue, {entry.context: entry for entry in file.live}, wording)
    own_scripts = {entry.context: entry for entry in own.live if entry.context not in wording}
    return replace(made, scripts=own_scripts, parent=parent)


def _pseudo(locales_folder: Path, code: str, wording: Wording) -> _Loaded:
    """A pseudo-language: nobody reviews it, and no machine is said to have drafted it."""
    tongue = language(code)
    live = {entry.context: entry for entry in pseudo.entries(template_in(locales_folder).entries, wording, tongue)}
    scripts = {context: entry for context, entry in live.items() if context not in wording}
    return replace(_made(tongue, live, wording), scripts=scripts, drafted=False, unreviewed=frozenset())


def _made(tongue: Language, live: Mapping[str, Entry], wording: Wording) -> _Loaded:
    """A language of these entries. Raises ValueError where its wording is incomplete."""
    usable = {context: entry for context, entry in live.items() if is_usable(entry)}
    lacking = sorted(context for context in wording if not _has(usable, context, wording[context], tongue))
    if needed := [context for context in lacking if not is_for_staff(context)]:
        raise ValueError(f"{_some(needed)} missing or with a wrong placeholder.")
    missing = [context for context in live if context not in usable]
    for_staff = not lacking and not any(map(is_for_staff, missing))
    if not for_staff:
        usable = {context: entry for context, entry in usable.items() if not is_for_staff(context)}
    singular = {context: entry.texts[0] for context, entry in usable.items() if len(entry.source) == 1}
    return _Loaded(
        tongue,
        singular=singular,
        plural={context: entry.texts for context, entry in usable.items() if len(entry.source) == 2},
        ui={
            context: singular[context]
            for context, text in wording.items()
            if isinstance(text, str) and context in singular
        },
        drafted=any(map(is_machine_made, usable.values())),
        unreviewed=frozenset(c for c, entry in live.items() if state_of(entry) is not State.REVIEWED),
        missing=tuple(context for context in missing if not is_for_staff(context)),
        for_staff=for_staff,
    )


def is_usable(entry: Entry) -> bool:
    """Filled, and without a placeholder that nothing would fill in."""
    return entry.filled and fits(entry.texts, entry.source)


def _has(usable: Mapping[str, Entry], context: str, source: str | tuple[str, str], tongue: Language) -> bool:
    """Whether the catalogue has the text for the wording as it is now, which may be newer than the catalogue."""
    sources = (source,) if isinstance(source, str) else source
    entry = usable.get(context)
    needed = len(tongue.classes) if len(sources) == 2 else 1
    return entry is not None and len(entry.texts) == needed and fits(entry.texts, sources)


def fits(texts: Sequence[str], sources: Sequence[str]) -> bool:
    """Whether everything that the texts can read has words, and a placeholder only where its source has it."""
    if not any("{" in text for text in texts):
        return all(map(str.strip, texts))
    every = [variant for text in texts for variant in forms.variants(text)]
    return all(map(forms.is_sound, texts)) and all(map(str.strip, every)) and _named(every) <= _named(sources)


def _named(texts: Sequence[str]) -> frozenset[str]:
    return frozenset().union(*map(placeholders, texts))
