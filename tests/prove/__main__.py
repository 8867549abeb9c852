"""`make prove`: the real process is killed at every failpoint and at random moments while twenty people talk to it.

Prints one line a database: how often it was killed, how many messages Telegram handed over, and how many of them were
lost, doubled, stored under another question than the one on the screen, or left their sender without a reply.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.prove.place import place
from tests.prove.proof import Proof


def main() -> None:
    """Exits with 1 when any of the figures that ought to be 0 is not."""
    options = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    options.add_argument("--kills", type=int, default=2_000, help="for each database")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    chosen = options.parse_args()
    failed = False
    for kind in chosen.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="medvind-prove-", dir="/var/tmp") as name, place(kind) as url:
            log = Path(name, "child.log")
            proof = Proof(url, Path(name), log, seed=chosen.seed, say=lambda line: print(line, file=sys.stderr))
            found = asyncio.run(proof.run(chosen.kills))
            print(f"prove {kind}: kills {proof.kills} {found}", flush=True)
            if found.lost or found.doubled or found.misfiled or found.stuck:
                failed = True
                print(log.read_text()[-4_000:], file=sys.stderr)
    sys.exit(failed)


if __name__ == "__main__":
    main()
