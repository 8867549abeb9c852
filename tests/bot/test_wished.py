"""What a telephone or a browser is set to, and the language that its owner is met with."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.catalogs.wished import first_of, nearest
from bot.channels.browser_language import browser_language
from tests.bot.turn_world import programme

OFFERED = programme().languages

TAGS = {
    "fa": "fa",
    "fa-IR": "fa",
    "fa-AF": "fa_AF",
    "FA-af": "fa_AF",
    "fa-Arab-AF": "fa_AF",
    "prs": "fa_AF",
    "prs-AF": "fa_AF",
    "pes-IR": "fa",
    "no": "nb",
    "nn": "nb",
    "nn-NO": "nb",
    "nb-NO": "nb",
    "da-DK": "da",
    "uk-UA": "uk",
    "ru-UA": "ru",
    "ar-SY": "ar",
    "ti-ER": "ti",
    "so-SO": "so",
    "ur-PK": "ur",
    "pl-PL": "pl",
    "ro-MD": "ro",
    "mo": "ro",
    "en-GB": "en",
    "EN": "en",
}
NOT_OFFERED = ("ps", "ps-AF", "sv-SE", "tl", "be", "am-ET", "pa-Arab-PK", "", "-", "*", "f", "en_")
"""Nobody is taken for a reader of a language because it is near, or is written in the same letters."""


def test_each_tag_means_the_language_its_owner_reads() -> None:
    assert {tag: nearest(tag, OFFERED) for tag in TAGS} == TAGS
    assert {tag for tag in NOT_OFFERED if nearest(tag, OFFERED)} <= {"en_"}


def test_what_is_offered_itself_comes_before_what_is_read_as_well() -> None:
    assert nearest("nn-NO", ("en", "nb", "nn")) == "nn"
    assert nearest("prs", ("en", "fa")) == "fa"
    assert nearest("prs", ("en", "ar")) == ""
    assert nearest("pt-br", ("en", "pt")) == "pt"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("prs-AF,prs;q=0.9,en-US;q=0.8", "fa_AF"),
        ("sv,nn;q=0.9,en;q=0.8", "nb"),
        ("en;q=0.3, uk-UA ; q=0.9", "uk"),
        ("ps-AF,ps;q=0.9", ""),
        ("uk;q=0,pl;q=often,*;q=0.1", ""),
        ("", ""),
    ],
)
def test_the_browser_says_what_is_wished_most(header: str, language: str) -> None:
    assert first_of(header, OFFERED) == language
    request = make_mocked_request("GET", "/", headers={"Accept-Language": header})
    assert browser_language(request, OFFERED) == language
