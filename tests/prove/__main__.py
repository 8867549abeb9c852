"""`make prove`: the real service is killed at every failpoint and at random moments while twenty people talk to it.
Then three processes, their database and their clocks are troubled for weeks in which people take part.

Prints one line each: how often what happened, how many messages were confirmed, and how many of them were lost,
doubled, stored under another question than the one on the screen, or left their sender without a reply; and what
Medvind did of its own accord, and where it did too much, too little, or at the wrong time.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from random import Random

from tests.postgresql_cluster import cluster
from tests.prove import machines
from tests.prove.place import place
from tests.prove.proof import Proof

MACHINES = 3
PEOPLE = 15


def main() -> None:
    """Exits with 1 when any of the figures that ought to be 0 is not."""
    options = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    options.add_argument("--kills", type=int, default=2_000, help="for each database; 0 leaves them out")
    options.add_argument("--restarts", type=int, default=100, help="of the database of three processes; 0: none")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    chosen = options.parse_args()
    kinds = (chosen.database or ("sqlite", "postgresql")) if chosen.kills else ()
    is_wrong = [_killed(kind, chosen.kills, chosen.seed) for kind in kinds]
    if chosen.restarts:
        is_wrong.append(asyncio.run(_troubled(chosen.restarts, chosen.seed)))
    sys.exit(any(is_wrong))


def _killed(kind: str, kills: int, seed: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="medvind-prove-", dir="/var/tmp") as name, place(kind) as url:
        log = Path(name, "child.log")
        proof = Proof(url, Path(name), log, seed=seed, say=_said)
        found = asyncio.run(proof.run(kills))
        print(f"prove {kind}: kills {proof.kills} {found}", flush=True)
        return _told(bool(found.lost or found.doubled or found.misfiled or found.stuck), log)


async def _troubled(restarts: int, seed: int) -> bool:
    random = Random(seed)
    with tempfile.TemporaryDirectory(prefix="medvind-prove-", dir="/var/tmp") as name, cluster(durable=True) as server:
        async with machines.setting(server, Path(name), MACHINES, random) as at:
            proof = machines.Proof(at, PEOPLE, random, _said)
            await proof.run(proof.troubles.plan(restarts))
            print(f"prove machines: {proof}", flush=True)
            return _told(bool(proof.wrong), Path(name, "machines.log"))


def _said(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _told(is_wrong: bool, log: Path) -> bool:
    if is_wrong:
        print(log.read_text()[-8_000:], file=sys.stderr)
    return is_wrong


if __name__ == "__main__":
    main()
