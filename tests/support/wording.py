"""The texts on which the linter is measured (``tests/data/wording``), and judging one in a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.consent.wording import Draft, Finding, Severity, judge, mention_for
from gateway.domain.purpose import Purpose

FOLDER = Path(__file__).parent.parent / "data" / "wording"
UNSEEN = "unseen"


@dataclass(frozen=True)
class Sample:
    """A text, and what a person takes it for."""

    language: str
    offer: bool
    text: str


def samples() -> list[Sample]:
    """Every text that the lists of words were fitted to."""
    return [one for file in sorted(FOLDER.glob("??.txt")) for one in _read(file)]


def unseen() -> list[Sample]:
    """The texts that nothing was fitted to."""
    return _read(FOLDER / f"{UNSEEN}.txt")


def _read(file: Path) -> list[Sample]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [
        Sample(language=file.stem, offer=line[0] == "o", text=line[3:].replace("|", "\n"))
        for line in lines
        if line[:3] in ("s  ", "o  ")
    ]


def findings_of(
    text: str,
    purpose: Purpose = Purpose.MARKETING,
    *,
    country: str = "GB",
    mention: str | None = None,
    **facts: Any,
) -> list[Finding]:
    """Judge a text of the store Acme."""
    draft = Draft(text=text, purpose=purpose, **({"brand": "Acme"} | facts))
    return list(judge(draft, mention_for(draft, country, mention)).findings)


def ids(findings: list[Finding], severity: Severity = Severity.ERROR) -> list[str]:
    """The findings of a severity by their ids."""
    return [finding.id for finding in findings if finding.severity is severity]


def errors(text: str, purpose: Purpose = Purpose.MARKETING, **facts: Any) -> list[str]:
    """What keeps a text of the store Acme from going out, by its ids."""
    return ids(findings_of(text, purpose, **facts))
