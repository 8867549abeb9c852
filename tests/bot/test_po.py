"""Catalogue files come back as they were written, and other programs read them the same way."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogs import po
from bot.catalogs.po import Entry, PoBroken, PoFile

HEADER = {"Language": "nb", "Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
LONG = "A rather long text that goes on, and on, and on, well over what a line of a file is usually wide; " * 2

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=40).map(lambda s: s.replace("\r", ""))
word = st.text(st.characters(categories=("Ll", "Nd")), min_size=1, max_size=12)
comment = st.lists(word, min_size=1, max_size=3).map(" ".join)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that one of our commands or a translator could have written."""
    plural = draw(st.booleans())
    source = (draw(text.filter(bool)), draw(text.filter(bool))) if plural else (draw(text.filter(bool)),)
    texts = (draw(text), draw(text)) if plural else (draw(text),)
    obsolete = draw(st.booleans())
    return Entry(
        context=draw(word),
        source=source,
        texts=texts,
        notes=tuple(draw(st.lists(comment, max_size=2))),
        hints=() if obsolete else tuple(draw(st.lists(comment, max_size=2))),
        places=() if obsolete else tuple(draw(st.lists(word, max_size=2))),
        flags=draw(st.sampled_from([(), ("fuzzy",), ("fuzzy", "no-wrap")])),
        previous=draw(st.sampled_from([(), source, (LONG + "\nand more",)])),
        obsolete=obsolete,
    )


def same(entry: Entry) -> Entry:
    """Without the line, which is where it is and not what it is."""
    return replace(entry, line=0)


@settings(max_examples=50)
@given(st.lists(entries(), max_size=4))
def test_what_is_written_is_read_again(written: list[Entry]) -> None:
    file = PoFile(HEADER, ("A note",), tuple(written))
    again = po.parse(po.dump(file))
    assert [same(entry) for entry in again.entries] == written
    assert again.header == HEADER
    assert again.notes == ("A note",)
    assert po.dump(again) == po.dump(file)


@settings(max_examples=50)
@given(st.lists(entries(), max_size=4, unique_by=lambda entry: entry.context))
def test_babel_reads_the_same_texts(written: list[Entry]) -> None:
    live = [replace(entry, obsolete=False, previous=()) for entry in written]
    read = read_po(io.StringIO(po.dump(PoFile(HEADER, (), tuple(live))), newline="\n"), abort_invalid=True)
    theirs = {message.context: message.string for message in read if message.id}
    assert theirs == {e.context: e.texts if len(e.source) > 1 else e.texts[0] for e in live}


@settings(max_examples=50)
@given(st.lists(entries(), max_size=4))
def test_without_hints_all_else_is_there(written: list[Entry]) -> None:
    dumped = po.dump(PoFile(HEADER, (), tuple(written)))
    lean = [replace(same(entry), hints=(), places=()) for entry in po.parse(dumped).entries]
    assert [same(entry) for entry in po.parse(dumped, with_hints=False).entries] == lean


def test_what_other_programs_write_is_read() -> None:
    file = po.parse(
        '\ufeff# Translators\nmsgid ""\nmsgstr ""\n"Language: nb\\n"\n"X-Generator: Poedit 3.4\\n"\n\n'
        "#  two spaces\n#. hint\n#: a.yaml:1 b.yaml:2\n#, fuzzy, no-wrap\n"
        '#| msgctxt "old"\n#| msgid ""\n#| "first\\n"\n#| "second"\n'
        'msgctxt "a"\nmsgid "One "\n"two"\nmsgstr ""\n"En "\n"\\"to\\"\\t\\\\"\n'
        '#~| msgid "Before"\n#~ msgctxt "b"\n#~ msgid "Then"\n#~ msgstr "Da"\n'
    )
    assert file.header == {"Language": "nb", "X-Generator": "Poedit 3.4"}
    first, second = file.entries
    assert same(first) == Entry(
        context="a",
        source=("One two",),
        texts=('En "to"\t\\',),
        notes=("two spaces",),
        hints=("hint",),
        places=("a.yaml:1", "b.yaml:2"),
        flags=("fuzzy", "no-wrap"),
        previous=("first\nsecond",),
    )
    assert same(second) == Entry("b", ("Then",), ("Da",), previous=("Before",), obsolete=True)
    assert first.line < second.line


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ('<<<<<<< HEAD\nmsgid "a"\nmsgstr "b"', "x.po:1: cannot be read"),
        ('msgid "a"\nmsgstr "b', "x.po:2: cannot be read"),
        ('msgid "a" b"\nmsgstr "c"', "x.po:1: cannot be read"),
        ('msgctxt "a"\nmsgid "b"', "x.po:1: this entry has no msgstr"),
        ('msgctxt "a"\nmsgstr "b"', "x.po:1: this entry has no msgid"),
        ('msgid "a"\nmsgid "b"\nmsgstr ""', "x.po:2: msgid is here twice"),
        ('"lost"\nmsgid "b"\nmsgstr ""', "x.po:1: a text in quotes without"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(broken: str, says: str) -> None:
    with pytest.raises(PoBroken, match=says):
        po.parse(broken, "x.po")


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    path.write_bytes('msgid "a"\nmsgstr "å"'.encode("latin-1"))
    with pytest.raises(PoBroken, match="UTF-8"):
        po.read(path)
