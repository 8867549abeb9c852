"""What ``make bench`` measures can be measured: its parts run, on next to nothing. What it takes is not asked."""

from __future__ import annotations

import pytest

from benchmarks import databases, digests, due, together
from tests.postgresql_cluster import cluster


async def test_a_morning_on_which_all_digests_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "SPECIALISTS", 3)
    with cluster() as server:
        for kind in databases.KINDS:
            with databases.empty(kind, server) as url:
                assert (await digests.measured(url, server)).mails == 3


async def test_a_noon_at_which_many_are_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "AT_NOON", 70)
    monkeypatch.setattr(due, "EVERYBODY", due.PEOPLE + 200)
    monkeypatch.setattr(due, "SECONDS", 0.0)
    with cluster() as server:
        for kind in databases.KINDS:
            with databases.empty(kind, server) as url:
                assert (await due.measured(kind, url)).each > 0


def test_two_processes_at_once() -> None:
    assert [figure.name for figure in together.figures(1, 0.0)] == ["turns_two_processes_times_one"]
