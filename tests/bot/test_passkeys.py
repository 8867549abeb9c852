"""Passkeys: what proves somebody, and everything that is nearly right and does not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.signing_in import passkeys
from bot.signing_in.passkeys import Refused, Site
from storage import factors
from tests.bot.sign_in_world import (
    SITE,
    Door,
    SoftPasskey,
    asked,
    door,
    enrolled,
    packed,
    post,
    shows_passkey,
    where,
)
from tests.bot.test_console import visible


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path) as made:
        yield made


async def test_a_passkey_is_set_up_by_the_link_and_opens_from_then_on(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser:
        welcome = await enrolled(at, browser, staff, key)
        text = await welcome.text()
        assert welcome.status == 200
        assert "Your recovery codes" in visible(text)
        assert text.count('<code class="key">') == 10
        assert (await browser.get("/account")).status == 200
    async with at.browser() as browser:
        options = await asked(browser, "/sign-in/passkey/options")
        assert (options["userVerification"], options["allowCredentials"]) == ("required", [])
        answer = await post(browser, "/sign-in/passkey", credential=key.proof(options), back="/people")
        assert where(answer) == (303, "/people")
        assert (await browser.get("/account")).status == 200


async def test_what_is_asked_for_a_new_passkey(at: Door) -> None:
    staff = await at.service.staff("Anna")
    async with at.browser() as browser:
        await post(browser, "/enrol", token=await at.invited(staff))
        options = await asked(browser, "/enrol/passkey/options")
    assert options["rp"] == {"name": "Medvind", "id": "checkin.example"}
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["attestation"] == "none"
    user = options["user"]
    assert isinstance(user, dict)
    assert "anna" not in str(user["id"])


WRONG: dict[str, Callable[[SoftPasskey], SoftPasskey]] = {
    "another origin": lambda key: replace(key, origin="https://checkin.example.evil.example"),
    "another site": lambda key: replace(key, rp_id="evil.example"),
    "nobody verified": lambda key: replace(key, verifies=False),
    "another key": lambda key: replace(key, key=ec.generate_private_key(ec.SECP256R1())),
    "unknown": lambda key: replace(key, credential_id=b"credential-9999"),
    "of somebody else": lambda key: replace(key, handle=b"x" * 32),
    "a copy, whose counter stayed behind": lambda key: replace(key, count=key.count - 1),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_nearly_right_opens_nothing_and_is_in_the_audit(at: Door, name: str) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey(count=5)
    async with at.browser() as browser:
        await enrolled(at, browser, staff, key)
    async with at.browser() as browser:
        refused = await shows_passkey(browser, WRONG[name](key))
        assert refused.status == 422
        assert "could not check this passkey" in visible(await refused.text())
        assert (await browser.get("/account")).status == 401
    actor, action, details = (await at.audit())[-1]
    assert (actor, action, details and details["how"]) == ("somebody", "sign_in.refused", "passkey")


async def test_an_answer_counts_once_in_the_browser_that_was_asked_and_for_five_minutes(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser:
        await enrolled(at, browser, staff, key)
    async with at.browser() as browser, at.browser() as other:
        answer = key.proof(await asked(browser, "/sign-in/passkey/options"))
        await asked(other, "/sign-in/passkey/options")
        assert (await post(other, "/sign-in/passkey", credential=answer)).status == 422
        first = await post(browser, "/sign-in/passkey", credential=answer)
        assert first.status == 303
        assert (await post(browser, "/sign-in/passkey", credential=answer)).status == 422
        late = key.proof(await asked(other, "/sign-in/passkey/options"))
        at.service.now += timedelta(minutes=5)
        assert (await post(other, "/sign-in/passkey", credential=late)).status == 422


async def test_a_proof_for_one_purpose_is_none_for_another(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser:
        await enrolled(at, browser, staff, key)
        options = await asked(browser, "/confirm/passkey/options")
        assert (await post(browser, "/sign-in/passkey", credential=key.proof(options))).status == 422
        options = await asked(browser, "/sign-in/passkey/options")
        assert (await post(browser, "/confirm/passkey", credential=key.proof(options))).status == 422


async def test_who_has_left_does_not_come_in(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser:
        await enrolled(at, browser, staff, key)
        await at.service.leave(staff)
        assert (await browser.get("/account")).status == 401
        assert (await shows_passkey(browser, key)).status == 422


async def test_a_passkey_helps_over_the_second_step_too(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey()
    async with at.browser() as browser:
        await enrolled(at, browser, staff, key)
    async with at.browser() as browser:
        await post(browser, "/sign-in", mail="anna@example.org", back="/people")
        await post(browser, "/sign-in/code", code=await at.code())
        second = await (await browser.get("/sign-in/second")).text()
        assert 'action="/sign-in/passkey"' in second
        assert "Recovery code" in visible(second)
        assert (await browser.get("/account")).status == 401
        assert (await shows_passkey(browser, key)).status == 303


async def test_without_an_address_the_site_is_wherever_the_browser_found_it(tmp_path: Path) -> None:
    from bot.signing_in.setting import SigningIn

    async with door(tmp_path, SigningIn()) as at, at.browser() as browser:
        options = await asked(browser, "/sign-in/passkey/options")
        assert options["rpId"] == at.server.host
        secure = await browser.post(
            "/sign-in/passkey/options", headers={"Sec-Fetch-Site": "same-origin", "X-Forwarded-Proto": "https"}
        )
        assert "__Host-medvind-passkey" in secure.cookies


# Whatever a browser may answer

SOMETHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary().map(packed),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["id", "rawId", "type", "response", "clientExtensionResults", "authenticatorAttachment"]
PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "transports"]
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(NAMES, SOMETHING),
        "response": st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, SOMETHING)),
    },
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.text() | (SOMETHING | ANSWERS).map(json.dumps))
def test_nonsense_is_refused_and_never_an_error(answer: str) -> None:
    with pytest.raises(Refused):
        passkeys.made(Site(SITE), packed(b"challenge"), answer)


NEARLY = ["clientDataJSON", "attestationObject", "id", "rawId", "type"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NEARLY), st.data())
def test_a_right_answer_with_one_part_changed_is_no_error(name: str, data: st.DataObject) -> None:
    """Nothing of it is signed, so that some changes are as good as the original."""
    key, challenge = SoftPasskey(), packed(b"a challenge of thirty-two bytes.")
    right = json.loads(key.made({"user": {"id": packed(b"handle")}, "challenge": challenge}))
    assert passkeys.made(Site(SITE), challenge, json.dumps(right)).credential_id == key.credential_id
    place = right["response"] if name in right["response"] else right
    before = place[name]
    if name in ("id", "rawId", "type"):
        place[name] = data.draw(st.text().filter(lambda text: text != before))
    else:
        cut = data.draw(st.integers(0, len(before) - 5))
        place[name] = before[:cut] + data.draw(st.text(alphabet="ABCxyz-_09", max_size=3)) + before[cut + 5 :]
    with suppress(Refused):
        assert passkeys.made(Site(SITE), challenge, json.dumps(right)).credential_id


@pytest.mark.parametrize("length", [10_000, 20_000])
async def test_what_is_deep_or_long_is_refused(at: Door, length: int) -> None:
    async with at.browser() as browser:
        await asked(browser, "/sign-in/passkey/options")
        assert (await post(browser, "/sign-in/passkey", credential="[" * length)).status == 422


async def test_a_passkey_that_counts_remembers_how_far(at: Door) -> None:
    staff, key = await at.service.staff("Anna"), SoftPasskey(count=7)
    async with at.browser() as browser:
        await enrolled(at, browser, staff, key)
        assert (await shows_passkey(browser, key)).status == 303
    (kept,) = await at.service.database.read(lambda conn: factors.passkeys(conn, at.service.vault, staff))
    assert kept.sign_count == 8
    assert kept.used_at == at.service.now
