"""Signing-in pages: coming in, proving who one is, and what one signs in with."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.console.signing_in import account, changing, confirming, door, enrolling, identity, passkeys

_NUMBER = "{number:[1-9][0-9]{0,17}}"


def routes() -> Sequence[web.AbstractRouteDef]:
    """All of them. Coming back from the organisation's sign-in is the one page that does something when it is opened:
    it counts once, in the browser that left."""
    return (
        web.get("/sign-in", door.sign_in_page),
        web.post("/sign-in", door.ask),
        web.get("/sign-in/code", door.code_page),
        web.post("/sign-in/code", door.enter),
        web.get("/sign-in/second", door.second_page),
        web.post("/sign-in/second", door.take_second),
        web.post("/sign-in/passkey/options", passkeys.options),
        web.post("/sign-in/passkey", passkeys.enter),
        web.post("/sign-in/organisation", identity.begin),
        web.get(identity.BACK, identity.come_back, allow_head=False),
        web.get("/enrol", enrolling.enrol_page),
        web.post("/enrol", enrolling.begin),
        web.get("/enrol/set-up", enrolling.set_up_page),
        web.post("/enrol/passkey/options", enrolling.passkey_options),
        web.post("/enrol/passkey", enrolling.set_passkey),
        web.post("/enrol/app", enrolling.set_app),
        web.get("/confirm", confirming.confirm_page),
        web.post("/confirm", confirming.confirm_code),
        web.post("/confirm/passkey/options", confirming.passkey_options),
        web.post("/confirm/passkey", confirming.confirm_passkey),
        web.post("/confirm/organisation", confirming.confirm_identity),
        web.post("/confirm/demo", confirming.confirm_one_tap),
        web.get("/account", account.account_page),
        web.post("/account/sessions/end", account.end_others),
        web.post("/account/language", account.set_language),
        web.post("/account/passkeys/options", changing.passkey_options),
        web.post("/account/passkeys", changing.add_passkey),
        web.post(f"/account/passkeys/{_NUMBER}/remove", changing.remove_passkey),
        web.post("/account/app", changing.begin_app),
        web.post("/account/app/set", changing.set_app),
        web.post("/account/app/remove", changing.remove_app),
        web.post("/account/codes", changing.new_codes),
        web.post("/account/organisation", changing.link_identity),
        web.post("/account/organisation/remove", changing.remove_identity),
    )
