"""Makes ``docs/compliance.md``: each rule, what is done about it, where, and which test holds it.

The rules are in ``docs/compliance.toml``. A file is where its comments name a rule; a test is one
that is marked ``@pytest.mark.rule("K-9")``, or whose class or module is.

Run it to write the page (``make compliance``); it exits with 1 when something is wrong.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "compliance.toml"
PAGE = ROOT / "docs" / "compliance.md"
SOURCES = ("gateway", "hardware", "scoring")

Rules: TypeAlias = "Mapping[str, Rule]"
_KNOWN = frozenset({"section", "asks", "does", "later"})
_MENTION = re.compile(r"(?<!annex )(?<![\w-])([A-Z]{1,3}-\d{1,2})(?![\w-])")

_HEAD = """# The rules, and what holds them

Made by `make compliance` from `docs/compliance.toml`, from the files that name a rule and from the
tests that are marked with it; do not edit it. It tells what is checked, and is no legal advice.
"""


@dataclass(frozen=True)
class Rule:
    """A row of the table."""

    id: str
    section: str
    asks: str
    does: str
    later: str | None = None


@dataclass(frozen=True, order=True)
class Mark:
    """That a test holds a rule."""

    file: str
    """From the root of the project."""
    test: str
    """Its name; with its class where it has one; empty for a whole module."""
    rule: str


@dataclass
class Found:
    """What the project says of the rules."""

    rules: Rules
    marks: Sequence[Mark]
    mentions: Mapping[str, set[str]]
    """Files by the rule that they name."""
    wrong: list[str] = field(default_factory=list)


def look(root: Path = ROOT) -> Found:
    """Return what a project says of its rules."""
    rules = read_rules((root / "docs" / "compliance.toml").read_text(encoding="utf-8"))
    found = Found(rules=rules, marks=[], mentions=_mentions(root, rules))
    marks: list[Mark] = []
    for file in sorted((root / "tests").rglob("*.py")):
        name = file.relative_to(root).as_posix()
        marks += read_marks(file.read_text(encoding="utf-8"), name, found.wrong)
    found.marks = sorted(set(marks))
    found.wrong += faults(found)
    return found


def read_rules(text: str) -> Rules:
    """Read the table; a row with a key too many, or one too few, is refused."""
    rows = tomllib.loads(text)
    for id_, row in rows.items():
        if strange := set(row) - _KNOWN:
            raise ValueError(f"{id_} has {sorted(strange)}; known are {sorted(_KNOWN)}")
    return {id_: Rule(id=id_, **row) for id_, row in rows.items()}


def _mentions(root: Path, rules: Rules) -> dict[str, set[str]]:
    mentions: dict[str, set[str]] = defaultdict(set)
    for folder in SOURCES:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in (".py", ".toml"):
                for id_ in set(_MENTION.findall(file.read_text(encoding="utf-8"))) & set(rules):
                    mentions[id_].add(file.relative_to(root).as_posix())
    return mentions


def read_marks(text: str, name: str, wrong: list[str]) -> Iterator[Mark]:
    """Yield the marks of a file, and add what cannot be read to ``wrong``."""
    yield from _marks_in(ast.parse(text), name, (), wrong)


def _marks_in(
    node: ast.AST, name: str, owners: tuple[str, ...], wrong: list[str]
) -> Iterator[Mark]:
    for child in ast.iter_child_nodes(node):
        inside = owners
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = (*owners, child.name)
        elif isinstance(child, ast.Call) and _is_mark(child.func):
            yield from _marks_of(child, name, owners, wrong)
        yield from _marks_in(child, name, inside, wrong)


def _is_mark(called: ast.expr) -> bool:
    return ast.unparse(called).endswith("mark.rule")


def _marks_of(
    call: ast.Call, name: str, owners: tuple[str, ...], wrong: list[str]
) -> Iterator[Mark]:
    if not call.args:
        wrong.append(f"{name}:{call.lineno}: a rule has no id")
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield Mark(file=name, test=".".join(owners), rule=argument.value)
        else:
            wrong.append(f"{name}:{call.lineno}: {ast.unparse(argument)} is no id of a rule")


def faults(found: Found) -> Iterator[str]:
    """Yield what is wrong: unknown ids, and rules without a test or with a stale excuse."""
    tested = {mark.rule for mark in found.marks}
    for mark in found.marks:
        if mark.rule not in found.rules:
            yield f"{mark.file}: {mark.test or 'the module'} holds {mark.rule}, which is no rule"
    for rule in found.rules.values():
        if rule.id not in tested and rule.later is None:
            yield f"{rule.id} has no test; mark one, or say why in docs/compliance.toml: later"
        if rule.id in tested and rule.later is not None:
            yield f"{rule.id} has a test; take its `later` out of docs/compliance.toml"


def render(found: Found) -> str:
    """Return the page."""
    sections: dict[str, list[Rule]] = defaultdict(list)
    for rule in found.rules.values():
        sections[rule.section].append(rule)
    return "\n".join([_HEAD, *(_section(title, sections[title], found) for title in sections)])


def _section(title: str, rules: Iterable[Rule], found: Found) -> str:
    rows = [_row(rule, found) for rule in rules]
    head = "| rule | what it asks | what Shopbell does | where | tests |"
    return "\n".join([f"## {title}\n", head, "| --- | --- | --- | --- | --- |", *rows, ""])


def _row(rule: Rule, found: Found) -> str:
    files = "<br>".join(_link(file) for file in sorted(found.mentions.get(rule.id, ())))
    cells = [rule.id, _cell(rule.asks), _cell(rule.does), files, _tests(rule, found.marks)]
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _tests(rule: Rule, marks: Iterable[Mark]) -> str:
    if rule.later is not None:
        return f"none: {_cell(rule.later)}"
    files: dict[str, list[str]] = defaultdict(list)
    for mark in marks:
        if mark.rule == rule.id:
            files[mark.file] += [f"`{mark.test}`"] if mark.test else []
    return "<br>".join(f"{_link(file)} {', '.join(tests)}".strip() for file, tests in files.items())


def _link(file: str) -> str:
    return f"[{file.removeprefix('gateway/')}](../{file})"


def main() -> int:
    """Write the page; say what is wrong."""
    found = look()
    PAGE.write_text(render(found), encoding="utf-8")
    for fault in found.wrong:
        sys.stderr.write(f"{fault}\n")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
