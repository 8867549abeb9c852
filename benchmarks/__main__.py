"""`make bench`: measures, prints a table, and ends with one line a figure and what it should reach."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator

from benchmarks import demo, digests, due, parts, rounds, together
from benchmarks.databases import KINDS
from benchmarks.figures import Figure, table
from benchmarks.load import Taken
from benchmarks.rounds import Rounds
from benchmarks.telegram import report
from benchmarks.worker import CONCURRENT, SYSTEMS

HEADS = ("turns, durable", "people", "turns/s", "p50 ms", "p99 ms", "processor us/turn", "most memory MB")

TIMES_BASELINE = 15
"""How many times the baseline's turns there should be on PostgreSQL, on a machine where pgbench does"""

LIMIT_TIMES_BASELINE = 8_109 / 586
"""times its turns. Where the database is slower beside Python, the target is as much lower."""


def main() -> None:
    """Measure everything."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--rounds", type=int, default=5, help="of which the medians are shown")
    options.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    options.add_argument("--telegram-seconds", type=float, default=60.0, help="with 100 updates a second")
    options.add_argument("--telegram-load", type=float, default=2.0, help="seconds of each measurement with 64 people")
    options.add_argument("--telegram-only", action="store_true", help="nothing but what goes over Telegram")
    chosen = options.parse_args()
    tables: list[str] = []
    figures: list[Figure] = []
    if not chosen.telegram_only:
        found = rounds.measured(chosen.rounds, chosen.seconds)
        tables.append(table(HEADS, list(_rows(found))))
        figures += [*_turn_figures(found), *_part_figures(), *_demo_figures()]
        figures += [*due.figures(), *digests.figures(), *together.figures(chosen.rounds, chosen.seconds)]
    telegram = report.measured(chosen.rounds, chosen.telegram_load, chosen.telegram_seconds)
    print(*tables, *telegram.tables(), sep="\n\n")
    print("", *figures, *telegram.figures(), sep="\n")


def _rows(found: Rounds) -> Iterator[tuple[str | float, ...]]:
    for kind in KINDS:
        for system in SYSTEMS:
            for concurrent in CONCURRENT:
                key = (system, kind, concurrent)
                yield (
                    f"{system}, {kind}",
                    concurrent,
                    found.median(key, lambda taken: taken.rate),
                    found.median(key, lambda taken: taken.p50 * 1e3),
                    found.median(key, lambda taken: taken.p99 * 1e3),
                    found.median(key, lambda taken: taken.processor_per_turn * 1e6),
                    found.median(key, lambda taken: taken.memory / 1e6),
                )
    for concurrent, limits in found.limits.items():
        yield "pgbench, one transaction a turn", concurrent, statistics.median(limits), "", "", "", ""


def _turn_figures(found: Rounds) -> Iterator[Figure]:
    yield Figure("turns_postgresql_64_times_pgbench", found.times_limit(64), least=1)
    times = TIMES_BASELINE / LIMIT_TIMES_BASELINE * found.limit_times_baseline(64)
    yield Figure("turns_postgresql_64_times_baseline", found.times_baseline("postgresql", 64), least=times)
    yield Figure("turns_sqlite_64_times_baseline", found.times_baseline("sqlite", 64), least=20)
    yield Figure("turns_sqlite_64_per_s", found.median(("medvind", "sqlite", 64), lambda taken: taken.rate), least=8000)
    for kind in KINDS:
        many, one = ("medvind", kind, 64), ("medvind", kind, 1)
        yield Figure(f"turn_{kind}_64_processor_us", found.median(many, _processor_us), most=120)
        yield Figure(f"turn_{kind}_64_p99_ms", found.median(many, lambda taken: taken.p99 * 1e3), most=20)
        yield Figure(f"turn_{kind}_1_p50_ms", found.median(one, lambda taken: taken.p50 * 1e3), most=2)


def _processor_us(taken: Taken) -> float:
    return taken.processor_per_turn * 1e6


def _part_figures() -> Iterator[Figure]:
    yield Figure("engine_step_us", parts.engine_step() * 1e6, most=15)
    yield Figure("render_question_us", parts.rendering() * 1e6, most=30)


def _demo_figures() -> Iterator[Figure]:
    seen = demo.measured()
    yield Figure("start_to_first_answer_s", seen.first_answer, most=2)
    yield Figure("help_s", seen.help, most=0.3)
    yield Figure("memory_at_rest_mb", seen.resting / 1e6, most=130)
    yield Figure("memory_100000_people_mb_more", (seen.with_many - seen.resting) / 1e6, most=5)
    yield Figure("chat_page_kb", seen.page / 1e3, most=100)
    yield Figure("first_question_on_slow_phone_s", seen.first_question, most=1)


if __name__ == "__main__":
    main()
