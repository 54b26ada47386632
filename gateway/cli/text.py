"""``shopbell text``: may a text go out as it is, and what does it take?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.consent.who import find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table
from gateway.domain.errors import RejectedError
from gateway.domain.purpose import Purpose

if TYPE_CHECKING:
    from gateway.consent.wording import Draft, Finding, Judgement
    from gateway.settings import StoreSettings

text = typer.Typer(
    name="text",
    help="Templates and texts: who writes, how to opt out, no offer where none may be.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_STDIN: Final = "-"
_KINDS: Final = "message, disclosure, optin_prompt, optin_confirm, help, stop_confirm"

Cost = Annotated[str | None, typer.Option(metavar="AMOUNT", help="Of one part, such as 0.07.")]
Kind = Annotated[str, typer.Option(metavar="KIND", help=f"What it is: {_KINDS}.")]


@text.command()
def check(
    store: Annotated[str, typer.Option(help="The store in whose name it would be sent.")],
    purpose: Annotated[Purpose | None, typer.Option(help="Needed for messages.")] = None,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="A text each; - is stdin.")
    ] = None,
    given: Annotated[str | None, typer.Option("--text", metavar="TEXT")] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CC", help="Of the persons; default: the store's.")
    ] = None,
    kind: Kind = "message",
    sender: Annotated[str | None, typer.Option(help="A name in place of a number.")] = None,
    cost: Cost = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Judge texts as they are judged when a store sends them.

    Exits with 1 when one of them may not go out as it is.
    """
    from gateway.settings import load

    home = find_store(load(config), store)
    options = _Options(home, purpose, country or home.country, kind, sender, _money(cost))
    judged = [(source, *options.judge(each)) for source, each in _texts(given, files or [])]
    for source, draft, judgement in judged:
        if json:
            print_json(_as_json(source, draft, judgement))
        else:
            _print(source, draft, judgement)
    if any(judgement.faulty for _, _, judgement in judged):
        raise typer.Exit(1)


@text.command()
def findings(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Count what was found in the texts of jobs.

    Since the gateway that runs was started; what each finding is, `text check` explains.
    """
    from gateway.control import ask, socket_path
    from gateway.settings import load

    counted = run_async(ask(socket_path(load(config).database.beside), "texts"))
    if json:
        for one in counted:
            print_json(one)
    elif counted:
        table = new_table("Store", "Finding", "Jobs")
        for one in counted:
            table.add_row(one["store"], one["finding"], f"{one['jobs']:,}")
        print_table(table)
    else:
        print_line("nothing was found")


def _money(amount: str | None) -> Decimal | None:
    try:
        cost = None if amount is None else Decimal(amount)
    except InvalidOperation:
        cost = Decimal(-1)
    if cost is not None and not (cost.is_finite() and cost >= 0):
        raise typer.BadParameter(f"{amount!r} is no amount; write one such as 0.07")
    return cost


def _texts(given: str | None, files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield each text with where it is from."""
    if (given is None) == (not files):
        raise typer.BadParameter("give either --text TEXT or files")
    if given is not None:
        yield "--text", given
    for file in files:
        yield str(file), _read(file).rstrip("\n")


def _read(file: Path) -> str:
    try:
        content = sys.stdin.read() if str(file) == _STDIN else file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RejectedError("invalid_utf8", f"{file} is not UTF-8") from None
    return content


class _Options:
    """How texts are judged."""

    def __init__(
        self,
        store: StoreSettings,
        purpose: Purpose | None,
        country: str,
        kind: str,
        sender: str | None,
        cost: Decimal | None,
    ) -> None:
        from phonenumbers import country_code_for_region

        from gateway.consent.country import load_policies
        from gateway.consent.wording import Kind as TextKind
        from gateway.consent.wording.demands import asks_of

        if kind not in list(TextKind):
            raise typer.BadParameter(f"there is no kind {kind!r}; there are: {_KINDS}")
        if purpose is None and kind == TextKind.MESSAGE:
            raise typer.BadParameter("a message needs --purpose otp, transactional or marketing")
        if not country_code_for_region(country.upper()):
            raise typer.BadParameter(f"{country!r} is no country with phone numbers, such as GB")
        self._store = store
        self._country = country
        self._cost = cost
        self._facts: dict[str, Any] = {
            "purpose": purpose or Purpose.TRANSACTIONAL,
            "kind": TextKind(kind),
            "brand": store.brand or store.name,
            "asks": asks_of(load_policies().of(country.upper())),
            "sender": sender,
        }

    def judge(self, words: str) -> tuple[Draft, Judgement]:
        """Return a text as it was looked at, and what came of it."""
        from gateway.consent.wording import Draft, judge, mention_for

        draft = Draft(text=words, **self._facts)
        mention = mention_for(draft, self._store.country, self._store.opt_out_mention)
        return draft, judge(draft, mention, self._cost)


def _as_json(source: str, draft: Draft, judgement: Judgement) -> dict[str, Any]:
    size = judgement.size
    return {
        "source": source,
        "ok": not judgement.faulty,
        "language": draft.spoken.code if draft.spoken else None,
        "parts": size.count.parts,
        "alphabet": size.count.alphabet.name.lower(),
        "units": size.count.units,
        "forcing": size.count.forcing,
        "cost": None if size.cost is None else str(size.cost),
        "outgoing": size.text,
        "findings": [asdict(finding) for finding in judgement.findings],
    }


def _print(source: str, draft: Draft, judgement: Judgement) -> None:
    from rich.text import Text

    print_line(f"{source}: {_summary(judgement)}")
    if judgement.size.text != draft.text:
        added = judgement.size.text.removeprefix(draft.text.rstrip()).strip()
        print_line(f'counted with "{added}", which it has to say')
    if judgement.findings:
        table = new_table("", "Finding", "What is wrong, and what would be right")
        for finding in judgement.findings:
            explained = Text(_explained(draft.text, finding))  # no markup: it has words of a text
            table.add_row(finding.severity, finding.id, explained)
        print_table(table)


def _summary(judgement: Judgement) -> str:
    size = judgement.size
    words = "may not go out" if judgement.faulty else "may go out"
    parts = f"{size.count.parts} part{'s' if size.count.parts > 1 else ''}"
    forced = f", because of {size.count.forcing!r}" if size.count.forcing else ""
    cost = "" if size.cost is None else f", costs {size.cost}"
    return f"{words}; {parts} in {size.count.alphabet.name}{forced}{cost}"


def _explained(words: str, finding: Finding) -> str:
    found = finding.where
    shown = (
        "" if found is None else f" ({found.start}-{found.end}: {words[found.start : found.end]})"
    )
    return f"{finding.what}{shown}\n→ {finding.remedy}"
