"""``python -m bot.catalogs extract | update [LANGUAGE ...] | check | status``: the translate commands alone, for
working on translations where the rest of the program is not wanted.

``put LANGUAGE FILE STATE NAME DATE`` enters translations from a JSON file (context -> text, or a list of the
plural forms); ``review LANGUAGE NAME DATE CONTEXT ...`` marks texts as reviewed (a context may end in ``*``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from fnmatch import filter as matching
from pathlib import Path

from bot.catalogs import po
from bot.catalogs.checking import check
from bot.catalogs.entering import put, review
from bot.catalogs.files import catalogue_path
from bot.catalogs.standing import status
from bot.catalogs.states import Mark, State
from bot.catalogs.translating import extract, update

_ROOT = Path(__file__).parents[2]
SCRIPTS, LOCALES = _ROOT / "dialogues" / "scripts", _ROOT / "locales"


def main(arguments: Sequence[str]) -> int:
    """Run one command on the folders of the project; 0 when it went well."""
    match arguments:
        case ["extract", *rest]:
            report = extract(SCRIPTS, LOCALES, accept_renames="--accept-renames" in rest)
            return _say([report], failed=bool(report.problems))
        case ["update", *languages]:
            return _say(update(LOCALES, languages))
        case ["check"]:
            findings = check(SCRIPTS, LOCALES)
            return _say(findings or ["Nothing found."], failed=any(finding.severe for finding in findings))
        case ["status"]:
            return _say(status(LOCALES))
        case ["put", code, file, state, name, day]:
            given = json.loads(Path(file).read_text(encoding="utf-8"))
            return _say([put(LOCALES, code, given, Mark(State(state), name, date.fromisoformat(day)))])
        case ["review", code, name, day, *patterns]:
            contexts = [entry.context for entry in po.read(catalogue_path(LOCALES, code)).live]
            chosen = {context for pattern in patterns for context in matching(contexts, pattern)}
            return _say([review(LOCALES, code, chosen, name, date.fromisoformat(day))])
        case _:
            return _say([__doc__], failed=True)


def _say(lines: Sequence[object], failed: bool = False) -> int:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
