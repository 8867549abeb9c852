"""The organisation's own sign-in: who comes in by it, and everything that is nearly right and opens nothing."""

from __future__ import annotations

import hmac
import html
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey
from yarl import URL

from bot.console.desk import DESK
from bot.console.signing_in.identity import BACK
from bot.signing_in.provider import NEW_KEYS_AFTER, Errand, Provider, ProviderAway, Unproved
from bot.signing_in.setting import SigningIn
from storage import factors
from tests.bot.digest_samples import NOW
from tests.bot.organisation import CLIENT, SECRET, Claims, Organisation, organisation
from tests.bot.sign_in_world import SITE, Browser, Door, door, packed, post, sign_in, where
from tests.bot.test_console import visible


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[tuple[Door, Organisation]]:
    clock: list[Door] = []

    def now() -> datetime:
        return clock[0].service.now if clock else NOW

    async with organisation(now) as theirs:
        provider = Provider(theirs.issuer, CLIENT, SECRET, now)
        async with door(tmp_path, SigningIn(SITE, 0, provider)) as made:
            clock.append(made)
            yield made, theirs


async def leaves(browser: Browser, page: str = "/sign-in/organisation", **fields: str) -> str:
    """Where the browser is sent to."""
    answer = await post(browser, page, **fields)
    assert answer.status == 200, answer.headers
    found = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)">', await answer.text())
    assert found
    return html.unescape(found[1])


async def comes_back(browser: Browser, back: URL) -> tuple[int, str]:
    """The browser comes back: what it gets, and where that leads."""
    assert str(back.with_query(None)) == SITE + BACK
    return where(await browser.get(back.path_qs, allow_redirects=False))


async def test_who_is_on_the_staff_comes_in_by_a_verified_mail_and_is_known_from_then_on(
    at: tuple[Door, Organisation],
) -> None:
    here, theirs = at
    staff = await here.service.staff("Anna")
    async with here.browser() as browser:
        back = theirs.visit(await leaves(browser, back="/people"))
        assert await comes_back(browser, back) == (303, "/people")
        assert (await browser.get("/account")).status == 200
    theirs.person |= {"email": "another@example.org", "email_verified": False}
    async with here.browser() as browser:
        assert await comes_back(browser, theirs.visit(await leaves(browser))) == (303, "/digest")
    assert [action for _, action, _ in await here.audit()] == ["identity.linked", "signed_in", "signed_in"]
    assert await here.service.database.read(lambda conn: factors.linked_at(conn, staff)) == NOW


async def test_a_mail_that_changed_hands_opens_nothing(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    await here.service.staff("Anna")
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 303
    theirs.person["sub"] = "u-2"
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 403


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "u-9", "email": "anna@example.org", "email_verified": False},
        {"sub": "u-9", "email": "anna@example.org"},
        {"sub": "u-9", "email": "anna@example.org", "email_verified": "true"},
        {"sub": "u-9", "email": "stranger@example.org", "email_verified": True},
        {"sub": "u-9"},
    ],
)
async def test_nobody_else_comes_in(at: tuple[Door, Organisation], person: Claims) -> None:
    here, theirs = at
    await here.service.staff("Anna")
    theirs.person = person
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 403
        assert (await browser.get("/account")).status == 401
    assert (await here.audit())[-1][2] == {"how": "identity", "why": "nobody here"}


async def test_who_has_left_does_not_come_in(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    staff = await here.service.staff("Anna")
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 303
    await here.service.leave(staff)
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 403


def _set(**more: object) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **more}


def _without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


SPOILT: dict[str, Callable[[Claims], Claims]] = {
    "iss": _set(iss="https://another.example"),
    "aud": _set(aud="another client"),
    "azp of several": _set(aud=[CLIENT, "another client"]),
    "azp": _set(aud=[CLIENT, "another client"], azp="another client"),
    "exp": lambda claims: {**claims, "exp": claims["iat"] - 31},
    "exp is missing": _without("exp"),
    "iat": lambda claims: {**claims, "iat": claims["iat"] + 120},
    "nonce": _set(nonce="another nonce"),
    "nonce is missing": _without("nonce"),
    "sub is missing": _without("sub"),
    "sub": _set(sub=""),
}


@pytest.mark.parametrize("name", SPOILT)
async def test_what_it_says_has_to_be_for_us_now_and_for_this_sign_in(at: tuple[Door, Organisation], name: str) -> None:
    here, theirs = at
    await here.service.staff("Anna")
    theirs.change = SPOILT[name]
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 403
    actor, action, details = (await here.audit())[-1]
    assert (actor, action) == ("somebody", "sign_in.refused")
    assert details is not None
    assert details["how"] == "identity"


async def test_a_signature_of_another_key_or_of_none_opens_nothing(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    await here.service.staff("Anna")
    theirs.sign_with = RSAKey.generate_key(2048)
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 403
    assert (await here.audit())[-1][2] == {"how": "identity", "why": "signature"}


async def test_the_public_key_is_no_password(at: tuple[Door, Organisation]) -> None:
    """A token that is signed with what everybody may know, as if that were a secret."""
    here, theirs = at
    provider = here.server.app[DESK].signing_in.provider
    assert provider is not None
    said = ".".join(packed(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "first"}, theirs.person))
    token = f"{said}.{packed(hmac.digest(theirs.key.as_pem(private=False), said.encode(), 'sha256'))}"
    for each in (token, f"{said}.", "eyJhbGciOiJub25lIn0.e30.", "no token", "..", ""):
        with pytest.raises(Unproved):
            await provider._claims(each)


async def test_what_comes_back_counts_once_in_the_browser_that_left_and_with_its_state(
    at: tuple[Door, Organisation],
) -> None:
    here, theirs = at
    await here.service.staff("Anna")
    async with here.browser() as browser, here.browser() as other:
        back = theirs.visit(await leaves(browser))
        assert (await comes_back(other, back))[0] == 403, "another browser"
        assert (await comes_back(browser, back))[0] == 303
        assert (await comes_back(browser, back))[0] == 403, "a second time"
        for spoilt in ({"state": "x"}, {"state": ""}, {"iss": "https://another.example"}, {"code": ""}, {"error": "x"}):
            back = theirs.visit(await leaves(browser))
            assert (await comes_back(browser, back.update_query(spoilt)))[0] == 403, spoilt
        back, later = theirs.visit(await leaves(browser)), theirs.visit(await leaves(browser))
        assert (await comes_back(browser, back))[0] == 403, "the one before the last"
        here.service.now += timedelta(minutes=10)
        assert (await comes_back(browser, later))[0] == 403, "too late"


async def test_a_code_of_somebody_elses_sign_in_is_good_for_nothing(at: tuple[Door, Organisation]) -> None:
    """The verifier belongs to the browser that left."""
    here, theirs = at
    await here.service.staff("Anna")
    async with here.browser() as browser, here.browser() as thief:
        stolen = theirs.visit(await leaves(browser)).query["code"]
        own = theirs.visit(await leaves(thief))
        assert (await comes_back(thief, own.update_query(code=stolen)))[0] == 403
    assert (await here.audit())[-1][2] == {"how": "identity", "why": "code"}


async def test_looking_with_head_takes_nothing(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    await here.service.staff("Anna")
    async with here.browser() as browser:
        back = theirs.visit(await leaves(browser))
        assert (await browser.head(back.path_qs)).status == 405
        assert (await comes_back(browser, back))[0] == 303


async def test_a_new_key_is_asked_for_when_it_is_met_and_not_again_and_again(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    await here.service.staff("Anna")
    for key in ("first", "first", "second", "second"):
        if key == "second" and theirs.key.kid != "second":
            here.service.now += NEW_KEYS_AFTER
            theirs.rotate()
        async with here.browser() as browser:
            assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 303
    assert theirs.asked_for_keys == 2
    theirs.sign_with, theirs.key = theirs.key, RSAKey.generate_key(2048, {"kid": "never published"})
    theirs.algorithm = "RS256"
    theirs.sign_with = RSAKey.generate_key(2048)
    for _ in range(5):
        async with here.browser() as browser:
            assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 403
    assert theirs.asked_for_keys <= 3


async def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    theirs.methods = ["client_secret_post"]
    await here.service.staff("Anna")
    async with here.browser() as browser:
        assert (await comes_back(browser, theirs.visit(await leaves(browser))))[0] == 303


async def test_one_that_says_it_is_another_or_cannot_be_reached_is_not_used(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    theirs.says_issuer = "https://another.example"
    async with here.browser() as browser:
        answer = await post(browser, "/sign-in/organisation")
        assert answer.status == 503
        assert "cannot be reached now" in visible(await answer.text())
    assert theirs.server is not None
    provider = Provider("http://127.0.0.1:1", CLIENT, SECRET, lambda: NOW)
    with pytest.raises(ProviderAway):
        await provider.address(Errand.new(), SITE + BACK)


async def test_where_there_is_none_there_is_no_such_page(tmp_path: Path) -> None:
    async with door(tmp_path) as here, here.browser() as browser:
        assert "organisation" not in await (await browser.get("/sign-in")).text()
        assert (await post(browser, "/sign-in/organisation")).status == 404
        assert (await browser.get(BACK)).status == 404


async def test_it_can_be_linked_confirmed_with_and_unlinked_on_the_account_page(
    at: tuple[Door, Organisation],
) -> None:
    here, theirs = at
    staff = await here.with_app()
    theirs.person = {"sub": "u-7"}
    async with here.browser() as browser:
        await sign_in(here, browser)
        back = theirs.visit(await leaves(browser, "/account/organisation"))
        assert await comes_back(browser, back) == (303, "/account")
        here.service.now += timedelta(minutes=11)
        sent = URL(await leaves(browser, "/confirm/organisation", back="/people"))
        assert sent.query["prompt"] == "login"
        assert await comes_back(browser, theirs.visit(str(sent))) == (303, "/people")
        assert where(await post(browser, "/account/organisation/remove")) == (303, "/account")
    assert await here.service.database.read(lambda conn: factors.linked_at(conn, staff)) is None


async def test_an_old_sign_in_there_confirms_nothing_here(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    await here.with_app()
    async with here.browser() as browser:
        await sign_in(here, browser)
        assert (await comes_back(browser, theirs.visit(await leaves(browser, "/account/organisation"))))[0] == 303
        here.service.now += timedelta(minutes=11)
        back = theirs.visit(await leaves(browser, "/confirm/organisation", back="/people"))
        theirs.signed_in_at = NOW - timedelta(hours=1)
        assert (await comes_back(browser, back))[0] == 403
        assert where(await post(browser, "/account/codes")) == (303, "/confirm?back=/account")


async def test_nobody_links_what_belongs_to_somebody_else(at: tuple[Door, Organisation]) -> None:
    here, theirs = at
    await here.with_app("Anna")
    await here.with_app("Bo")
    async with here.browser() as anna, here.browser() as bo:
        await sign_in(here, anna)
        assert (await comes_back(anna, theirs.visit(await leaves(anna, "/account/organisation"))))[0] == 303
        here.service.now += timedelta(seconds=60)
        await sign_in(here, bo, "bo@example.org")
        assert (await comes_back(bo, theirs.visit(await leaves(bo, "/account/organisation"))))[0] == 403


def test_its_secret_is_in_no_text_of_it() -> None:
    provider = Provider("https://id.example", CLIENT, SECRET, lambda: NOW)
    assert SECRET not in repr(provider)
    assert SECRET not in repr(replace(provider))
