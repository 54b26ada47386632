"""What an import did, or would do: counts, and every row that is refused."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.cli.output import new_table, print_line, print_table, remark
from gateway.consent.country import Demand, load_policies
from gateway.consent.imports.columns import Columns
from gateway.consent.imports.deciding import Decided
from gateway.consent.imports.row import Brought, read_row
from gateway.consent.imports.said import Form, RowError
from gateway.consent.imports.sheet import Sheet
from gateway.domain.consent import Action, Basis, ConsentEvent
from gateway.domain.place import place_of

_STATES = {
    Action.GRANTED: "subscribed",
    Action.WITHDRAWN: "unsubscribed",
    Action.OBJECTED: "objected",
    Action.DEACTIVATED: "deactivated",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedRow:
    """A row, or one of its purposes, that is not taken."""

    line: int
    column: str | None
    reason: str


@dataclass(kw_only=True)
class Report:
    """Counts what becomes of a file's rows."""

    file: Path
    store: str
    sheet: Sheet
    columns: Columns
    applied: bool
    rows: int = 0
    new: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Events by state and purpose."""
    known: int = 0
    """Rows of which the ledger has all already."""
    silent: int = 0
    """Rows that say that the person never consented."""
    unproved: int = 0
    """New consents that claim a double opt-in without proof."""
    unfiled: int = 0
    """New consents to a wording of which only the version is known."""
    unusable: Counter[str] = field(default_factory=Counter)
    """New consents that their country does not think enough, by country."""
    refused: list[RefusedRow] = field(default_factory=list)

    def read(self, sheet: Sheet, columns: Columns, form: Form) -> list[Brought]:
        """Return the rows that the file itself speaks for, and note the others."""
        brought = []
        for line, cells in sheet.rows():
            self.rows += 1
            try:
                row = read_row(line, columns.facts(cells), form)
            except RowError as error:
                self.refused.append(RefusedRow(line=line, column=error.column, reason=str(error)))
                continue
            if row is None:
                self.silent += 1
            else:
                brought.append(row)
        return brought

    def settle(self, rows: Sequence[Brought], outcomes: Sequence[Sequence[Decided]]) -> None:
        """Note what became of some rows."""
        for row, some in zip(rows, outcomes, strict=True):
            self.known += all(one.known for one in some)
            for one in some:
                if one.refused is not None:
                    reason = f"{one.event.purpose}: {one.refused}"
                    self.refused.append(RefusedRow(line=row.line, column=None, reason=reason))
                elif one.is_new:
                    self._note(row, one.event)

    def _note(self, row: Brought, event: ConsentEvent) -> None:
        self.new[_STATES[event.action], event.purpose] += 1
        if event.action is Action.GRANTED:
            self.unproved += row.unproved
            self.unfiled += row.wording is not None and row.wording.text is None
            country = place_of(row.number).country
            if not _is_enough(event, country):
                self.unusable[country or "an unknown country"] += 1

    def document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "file": str(self.file),
            "store": self.store,
            "applied": self.applied,
            "encoding": self.sheet.encoding,
            "delimiter": self.sheet.delimiter,
            "ignored_columns": list(self.columns.ignored),
            "rows": self.rows,
            "new": [
                {"state": state, "purpose": purpose, "count": count}
                for (state, purpose), count in sorted(self.new.items())
            ],
            "known": self.known,
            "without_consent": self.silent,
            "unproved_double_opt_in": self.unproved,
            "text_not_on_file": self.unfiled,
            "not_enough": dict(sorted(self.unusable.items())),
            "refused": [
                {"line": one.line, "column": one.column, "reason": one.reason}
                for one in self._in_order()
            ],
        }

    def print(self) -> None:
        """Print it for people: the refused rows on stderr, the counts on stdout."""
        for one in self._in_order():
            remark(f"{self.file.name}:{one.line}: {one.reason}")
        sys.stderr.flush()
        print_line(self._title())
        table = new_table("", "Purpose", "Consents")
        table.columns[2].justify = "right"
        for (state, purpose), count in sorted(self.new.items()):
            table.add_row(state, purpose, f"{count:,}")
        if self.new:
            print_table(table)
        for sentence in self._sentences():
            print_line(sentence)

    def _in_order(self) -> list[RefusedRow]:
        return sorted(self.refused, key=lambda one: one.line)

    def _title(self) -> str:
        form = f"{self.sheet.encoding}, delimiter {_shown(self.sheet.delimiter)}"
        done = "written" if self.applied else "nothing is written without --apply"
        return f"{self.store}: {self.rows:,} rows of {self.file.name} ({form}); {done}"

    def _sentences(self) -> list[str]:
        counted = [
            (sum(self.new.values()) == 0, "Nothing new."),
            (self.known, f"Rows that are in the ledger already: {self.known:,}."),
            (self.silent, f"Rows that say that nobody consented, passed over: {self.silent:,}."),
            (
                self.unproved,
                "Double opt-ins without confirmed_at and confirmation_id, which count as single "
                f"ones: {self.unproved:,}.",
            ),
            (
                self.unfiled,
                "Consents to a text that is not on file; put it into the store's consent_texts, "
                f"so that you can show what was agreed to: {self.unfiled:,}.",
            ),
            (
                self.unusable,
                "Kept, but not enough for marketing where the person is: "
                f"{_listed(self.unusable)}. Ask those persons: shopbell consent request.",
            ),
            (
                self.columns.ignored,
                f"Columns that were not read: {', '.join(self.columns.ignored)}.",
            ),
            (self.refused, f"Refused rows, each named above: {_rows(self.refused):,}."),
        ]
        return [sentence for there, sentence in counted if there]


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))


def _rows(refused: Sequence[RefusedRow]) -> int:
    return len({one.line for one in refused})


def _is_enough(event: ConsentEvent, country: str | None) -> bool:
    """Tell whether a consent to marketing will do where the person is (DE-1, E-1)."""
    if not event.purpose.startswith("marketing"):
        return True
    policy = load_policies().of(country)
    if event.basis is Basis.SOFT_OPT_IN:
        return policy.soft_opt_in.allowed
    return event.confirmed or policy.double_opt_in is not Demand.REQUIRED


def _shown(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else delimiter
