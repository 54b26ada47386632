"""The corpus of what persons answer: tests/data/keywords/corpus.tsv, written before the rules, but
for the last 28, which are of the kinds that were missed of phrases by others.

Each phrase has a language, what it must be taken for, and a class: ``per-se`` for the keywords of
COMPLIANCE section 5, ``reasonable`` for other stops, ``command`` for start, help and yes, and
``ordinary`` for the rest. Half of them, by a digest of the phrase, were held out while the rules
were made.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.consent.keywords import IntentKind, read_intent

FILE = Path(__file__).parents[1] / "data" / "keywords" / "corpus.tsv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    phrase: str
    language: str
    expected: str
    kind: str

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.phrase.encode()).digest()[0] % 2 == 1


def entries(kind: str, wanted: Callable[[Entry], bool] = lambda _: True) -> list[Entry]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    all_of = [
        Entry(
            phrase=row["phrase"],
            language=row["language"],
            expected=row["expected"],
            kind=row["class"],
        )
        for row in rows
    ]
    return [entry for entry in all_of if entry.kind == kind and wanted(entry)]


def taken_for(phrase: str) -> str:
    """Return what a phrase is taken for, in the words of the corpus."""
    intent = read_intent(phrase)
    if intent is None:
        return "none"
    return intent.scope if intent.kind is IntentKind.STOP else intent.kind.value


def mistaken(kind: str, wanted: Callable[[Entry], bool] = lambda _: True) -> list[str]:
    return [
        f"{entry.phrase!r} ({entry.language}) is taken for {taken_for(entry.phrase)}"
        for entry in entries(kind, wanted)
        if taken_for(entry.phrase) != entry.expected
    ]
