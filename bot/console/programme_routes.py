"""The addresses of the programme's pages."""

from __future__ import annotations

from aiohttp import web

from bot.console import programme, programme_acts, programme_forms

_NUMBER = "{number:[1-9][0-9]{0,8}}"

ROUTES = (
    web.get("/programme", programme.programme_page),
    web.get(programme_forms.FORMS, programme_forms.form_page),
    web.post(programme_forms.FORMS, programme_forms.keep_form),
    web.post("/programme/draft/send", programme_acts.send_draft),
    web.post("/programme/draft/drop", programme_acts.drop_draft),
    web.post("/programme/draft/renew", programme_acts.renew_draft),
    web.post("/programme/draft/file", programme_acts.draft_of_file),
    web.post(f"/programme/drafts/{_NUMBER}", programme_acts.decide),
    web.get(f"/programme/versions/{_NUMBER}", programme_acts.version_page),
    web.post(f"/programme/versions/{_NUMBER}", programme_acts.draft_of_version),
)
