"""Every problem has a file that makes it, a page that explains it, and a place in the catalogue.

``tests/problems/MVnnn_*.yaml`` begin with what the check has to say, all of it and nothing else. Further comments
there: ``# file:`` names the file that it pretends to be, ``# last line: 9 times`` repeats its end, and ``# known:`` is
a text of an earlier version.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dialogues import loader, texts
from dialogues.catalogue import AROUND
from dialogues.problems import CATALOGUE, MOST_REPORTED, Findings, Place, Problem, ScriptRefused, did_you_mean, nearest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "problems").glob("MV*.yaml"))
PAGES = ROOT / "docs" / "problems"
READING = CATALOGUE.keys() - AROUND.keys()
"""The codes that come of reading a script. The others have their tests in tests/bot/test_around_scripts.py."""
LIBRARY = {
    path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "problems" / "library").glob("*.yaml")
}


def comments(data: bytes, kind: str) -> list[str]:
    """What the first comments of a file say after ``kind:``."""
    head = data.decode("utf-8", "replace").split("\n\n")[0]
    return [line.strip() for line in re.findall(rf"^# {kind}: (.*)$", head, re.MULTILINE)]


def whole(data: bytes) -> bytes:
    """The file with its last line repeated as often as it says."""
    for times in comments(data, "last line"):
        last = data.rstrip(b"\n").rpartition(b"\n")[2] + b"\n"
        data = data.rstrip(b"\n") + b"\n" + last * (int(times.split()[0]) - 1)
    return data


def problems_of(data: bytes) -> list[Problem]:
    checked = loader.check(whole(data), file="".join(comments(data, "file")), library=LIBRARY)
    if checked.script is None:
        return list(checked.problems)
    known = dict(line.split(" = ", 1) for line in comments(data, "known"))
    return texts.renamed(texts.texts_of(checked.script), known)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_check_says_this_and_nothing_else(path: Path) -> None:
    data = path.read_bytes()
    found = [f"{each.line}:{each.column} {each.code} {each.message} {each.hint}".rstrip() for each in problems_of(data)]
    assert found == comments(data, "expect")
    assert path.name[:5] in {line.split()[1] for line in found}


def test_every_code_has_a_file() -> None:
    assert {path.name[:5] for path in FILES} == set(READING)


# The pages ------------------------------------------------------------------------------------------------------------


def blocks(page: str, heading: str) -> list[tuple[str, str]]:
    """The code blocks under a heading, with what stands beside their fence."""
    part = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```(.+?)\n(.*?)^```$", part[1], re.MULTILINE | re.DOTALL) if part else []


def test_every_code_has_a_page_and_a_line_in_the_list() -> None:
    assert {path.stem for path in PAGES.glob("MV*.md")} == set(CATALOGUE)
    listed = re.findall(r"^\| \[(MV\d{3})\]\(\1\.md\) \| (.*) \|$", (PAGES / "README.md").read_text(), re.MULTILINE)
    assert listed == [(code, entry.title) for code, entry in CATALOGUE.items()]


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_page_says_what_the_catalogue_says(code: str) -> None:
    page, entry = (PAGES / f"{code}.md").read_text(encoding="utf-8"), CATALOGUE[code]
    assert page.startswith(f"# {code}: {entry.title}\n\n{entry.meaning}\n")
    assert page.endswith(f"\n\n{entry.remedy}\n")


@pytest.mark.parametrize("code", sorted(READING))
def test_the_examples_of_a_page_are_wrong_and_mended(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    (kind, wrong), (_, said) = blocks(page, "Wrong")
    ((_, mended),) = blocks(page, "Mended")
    assert re.search(rf"\d+:\d+  {code}  ", said)
    if kind == "text":
        return
    before = [texts.texts_of(loader.load(text)) for _, text in blocks(page, "Before")]
    locked = {text.context: text.text for each in before for text in each}
    for (fence, text), expected in (((kind, wrong), said), (blocks(page, "Mended")[0], "")):
        checked = loader.check(text, file=fence.partition("file=")[2], library=LIBRARY)
        found = checked.problems if checked.script is None else texts.renamed(texts.texts_of(checked.script), locked)
        assert "".join(f"{each}\n" for each in found) == expected
    assert wrong != mended or kind != "yaml"


def test_what_the_page_of_unreadable_signs_shows_is_what_is_said() -> None:
    (_, wrong), (_, said) = blocks((PAGES / "MV001.md").read_text(encoding="utf-8"), "Wrong")
    data = wrong.encode("utf-8").replace("\ufffd".encode(), b"\xf8")
    assert [str(each) for each in loader.check(data).problems] == [said.strip()]


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_an_entry_is_three_plain_sentences_or_more(code: str) -> None:
    entry = CATALOGUE[code]
    assert not entry.title.endswith(".")
    assert entry.meaning.endswith(".")
    assert entry.remedy.endswith(".")
    assert "!" not in entry.title + entry.meaning.replace("& * ! #", "") + entry.remedy


# A problem ------------------------------------------------------------------------------------------------------------


def test_a_problem_says_where_what_and_what_to_do() -> None:
    said = Problem("MV021", 23, 11, 'There is no earlier question called "confidense".', 'Did you mean "confidence"?')
    assert str(said) == ('23:11  MV021  There is no earlier question called "confidense". Did you mean "confidence"?')
    assert (
        str(Problem("MV006", 4, 1, "There is a tab here.", "", "a.yaml")) == "a.yaml:4:1  MV006  There is a tab here."
    )


def test_all_problems_come_at_once_and_in_order() -> None:
    text = "dialogue: evening\nlanguage: english\nsteps:\n  hello:\n    sya: Hi {nam}.\n  bye:\n    say: Bye {spec}.\n"
    found = loader.check(text, file="evening.yaml").problems
    assert [(each.code, each.line) for each in found] == [("MV050", 2), ("MV011", 5), ("MV009", 5), ("MV009", 7)]
    assert {each.file for each in found} == {"evening.yaml"}
    with pytest.raises(ScriptRefused) as refused:
        loader.load(text)
    assert [each.code for each in refused.value.problems] == [each.code for each in found]
    assert str(refused.value).count("\n") == 3


def test_nobody_gets_more_problems_than_can_be_read() -> None:
    text = "dialogue: evening\nlanguage: en\nsteps:\n" + "".join(f"  Step{n}:\n    say: Hello.\n" for n in range(900))
    assert len(loader.check(text).problems) == MOST_REPORTED


def test_the_same_problem_counts_once() -> None:
    findings = Findings()
    for _ in range(2):
        findings.add("MV006", Place(1, 1), "There is a tab here.")
    assert len(findings.problems) == 1


def test_only_codes_of_the_catalogue_are_given() -> None:
    with pytest.raises(AssertionError):
        Findings().add("MV999", Place(1, 1), "Something.")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("confidense", "confidence"),
        ("confidnece", "confidence"),
        ("onfidence", "confidence"),
        ("hrad", "hard"),
        ("no", "on"),
        ("sure_confidence", "confidence"),
        ("weather", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_what_was_meant(written: str, meant: str) -> None:
    assert nearest(written, ["hard", "confidence", "on", "good"]) == meant
    assert did_you_mean(written, ["hard", "confidence", "on", "good"], "Look.") == (
        f'Did you mean "{meant}"?' if meant else "Look."
    )
