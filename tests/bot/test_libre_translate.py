"""The adapter for LibreTranslate: what it asks, what it believes, and that no trouble of the server's gets further."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import web

from bot.translating import Away, Unable, is_same_language
from bot.translating.address import is_safe
from bot.translating.libre import KNOWN_FOR, LARGEST_ANSWER, MOST_TEXTS, LibreTranslate, tidy
from tests.bot.translate_stand_in import StandIn, stand_in

SECRET = "متعبة"
SHORT = aiohttp.ClientTimeout(total=0.2)


async def test_texts_come_back_in_their_order_in_as_few_requests_as_may_be() -> None:
    async with stand_in(key="k") as server:
        texts = [f"text {number}" for number in range(MOST_TEXTS + 1)]
        assert await LibreTranslate(server.url, "k").translate("ar", "nb", texts) == [f"nb {text}" for text in texts]
        assert [len(body["q"]) for body in server.asked] == [MOST_TEXTS, 1]
        assert server.asked[0] | {"q": []} == {
            "q": [], "source": "ar", "target": "nb", "format": "text", "api_key": "k",
        }  # fmt: skip


async def test_long_texts_are_not_put_into_one_request() -> None:
    async with stand_in() as server:
        long = ["a" * 3000, "b" * 3000, "c"]
        assert len(await LibreTranslate(server.url).translate("ar", "nb", long)) == 3
        assert [[len(text) for text in body["q"]] for body in server.asked] == [[3000], [3000, 1]]


@pytest.mark.parametrize(
    ("codes", "source", "target", "asked"),
    [
        (("no", "fa"), "fa_AF", "nb", ("fa", "no")),
        (("nb", "no", "uk"), "uk", "nb", ("uk", "nb")),
        (("prs", "fa", "en"), "prs", "en", ("prs", "en")),
        (("en", "nb"), "en", "nn", ("en", "nb")),
    ],
)
async def test_languages_are_called_as_the_server_calls_them(
    codes: tuple[str, ...], source: str, target: str, asked: tuple[str, str]
) -> None:
    async with stand_in(codes=codes) as server:
        await LibreTranslate(server.url).translate(source, target, ["x"])
        assert (server.asked[0]["source"], server.asked[0]["target"]) == asked


async def test_a_language_that_the_server_does_not_know_is_not_asked_for() -> None:
    async with stand_in() as server:
        with pytest.raises(Unable, match="from ti to nb"):
            await LibreTranslate(server.url).translate("ti", "nb", [SECRET])
        assert server.asked == []


async def test_the_server_is_asked_once_an_hour_what_it_knows() -> None:
    now = 0.0
    async with stand_in() as server:
        libre = LibreTranslate(server.url, clock=lambda: now)
        await libre.translate("ar", "nb", ["x"])
        await libre.translate("ar", "nb", ["x"])
        assert server.listed == 1
        now = KNOWN_FOR
        await libre.translate("ar", "nb", ["x"])
        assert await libre.unknown(["ar", "fa_AF", "ti", "nn"]) == ["ti"]
        assert server.listed == 3


def said(status: int = 200, body: object = None, text: str = "") -> Callable[[dict[str, object]], web.Response]:
    return lambda _: web.json_response(body, status=status) if not text else web.Response(text=text, status=status)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said(429, {"error": "slow down"}), "it asks us to wait"),
        (said(403, {"error": "key"}), "MEDVIND_TRANSLATE_KEY"),
        (said(500, {"error": SECRET}), "status 500"),
        (said(404, {}), "status 404"),
        (said(302, {}), "status 302"),
        (said(text="<html>"), "cannot be understood"),
        (said(body=[]), "cannot be understood"),
        (said(body={"translatedText": None}), "cannot be understood"),
        (said(body={"translatedText": [1]}), "cannot be understood"),
        (said(body={"translatedText": ["one", "two"]}), "another number of texts"),
        (said(body={"translatedText": []}), "another number of texts"),
        (said(text="x" * (LARGEST_ANSWER + 1)), "too large"),
    ],
)
async def test_whatever_else_it_answers_it_is_away_and_nothing_is_believed(
    answer: Callable[[dict[str, object]], web.Response], why: str
) -> None:
    async with stand_in(answer=answer) as server:
        with pytest.raises(Away, match=why) as away:
            await LibreTranslate(server.url).translate("ar", "nb", [SECRET])
    assert SECRET not in str(away.value)
    assert server.url not in str(away.value)


@pytest.mark.parametrize("status", [400, 413])
async def test_texts_that_it_refuses_are_not_sent_again(status: int) -> None:
    async with stand_in(answer=said(status, {"error": SECRET})) as server:
        with pytest.raises(Unable, match=f"status {status}") as unable:
            await LibreTranslate(server.url).translate("ar", "nb", [SECRET])
    assert SECRET not in str(unable.value)


async def test_a_server_that_hangs_is_away() -> None:
    async with stand_in(hangs=True) as server:
        with pytest.raises(Away, match="in time"):
            await LibreTranslate(server.url, limits=SHORT).translate("ar", "nb", ["x"])


async def test_a_server_that_is_not_there_is_away() -> None:
    async with stand_in() as server:
        url = server.url
    with pytest.raises(Away, match="cannot be reached"):
        await LibreTranslate(url).unknown(["ar"])


async def test_it_is_not_followed_to_another_address() -> None:
    async with stand_in() as other:

        def elsewhere(_: dict[str, object]) -> web.Response:
            return web.Response(status=307, headers={"Location": f"{other.url}/translate"})

        async with stand_in(answer=elsewhere) as server:
            with pytest.raises(Away, match="307"):
                await LibreTranslate(server.url).translate("ar", "nb", [SECRET])
    assert other.asked == []


async def test_a_list_of_languages_that_is_none_is_trouble_and_no_languages() -> None:
    for body in ({"languages": []}, [{"name": "Arabic"}]):

        def wrong(body: object = body) -> web.Response:
            return web.json_response(body)

        async with stand_in(languages=wrong) as server:
            with pytest.raises(Away, match="understood"):
                await LibreTranslate(server.url).unknown(["ar"])


async def test_one_text_may_come_back_without_a_list() -> None:
    async with stand_in(answer=said(body={"translatedText": "Sliten"})) as server:
        assert await LibreTranslate(server.url).translate("ar", "nb", [SECRET]) == ["Sliten"]


@pytest.mark.parametrize(
    ("text", "of", "shown"),
    [
        ("  Very   tired \r\n\r\n of it ", "x", "Very tired\n\nof it"),
        ("\u202eevil\u202c\u2066x\u2069", "y", "evilx"),
        ("a\x00b\x07", "y", "ab"),
        ("Rema 1000", "rema  1000", ""),
        (" ", "x", ""),
        ("x" * 500, "no", ""),
        ("<b>shop</b>", "x", "<b>shop</b>"),
    ],
)
def test_a_translation_is_tidied_or_left_out(text: str, of: str, shown: str) -> None:
    assert tidy(text, of) == shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("nb", "nn", True), ("fa_AF", "fa", True), ("prs", "fa_AF", True), ("en", "en_GB", True), ("uk", "ru", False)],
)
def test_who_reads_one_kind_of_a_language_needs_no_translation(one: str, other: str, same: bool) -> None:
    assert is_same_language(one, other) is same


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://translate.example", True),
        ("http://localhost:5000", True),
        ("http://127.0.0.1:5000", True),
        ("http://[::1]:5000/api", True),
        ("http://192.168.7.4", True),
        ("http://translate.example", False),
        ("http://libretranslate:5000", False),
        ("http://8.8.8.8", False),
        ("http://localhost.example", False),
    ],
)
def test_words_travel_in_the_clear_only_on_this_machine_or_a_private_network(url: str, safe: bool) -> None:
    assert is_safe(url) is safe


def test_the_stand_in_refuses_what_the_real_one_would() -> None:
    server = StandIn()
    right = {"q": ["x"], "source": "ar", "target": "nb", "format": "text"}
    assert server._wrong(right) == ""
    for wrong in ({"q": "x"}, {"q": []}, {"format": "html"}, {"source": "ti"}, {"more": 1}):
        assert server._wrong(right | wrong)
