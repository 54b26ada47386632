"""``shopbell messages``: what is queued, sent, delivered, failed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.counts import show_counts
from gateway.cli.inbound import show_received
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table
from gateway.domain.ids import store_in_words
from gateway.domain.states import JobState

if TYPE_CHECKING:
    from gateway.db.listing import Listed

NEWEST: Final = 50
"""Messages shown unless another number is asked for."""

PAGE: Final = 500
"""Messages that are read at once where all are asked for: a gateway beside it is not held up."""

State = Annotated[JobState | None, typer.Option(help="Only in this state.")]
Limit = Annotated[int, typer.Option(min=1, metavar="N", help="At most so many, the newest.")]
All = Annotated[bool, typer.Option("--all", help="All of them, however many.")]
Before = Annotated[
    int | None,
    typer.Option(min=1, metavar="KEY", help="Only older ones: where the page before ended."),
]
Count = Annotated[bool, typer.Option("--count", help="How many there are, by store and state.")]
Verify = Annotated[
    bool, typer.Option("--verify", help="With --count: count them one by one, and compare.")
]


def messages(
    store: Annotated[str | None, typer.Option(help="Only of this store.")] = None,
    state: State = None,
    id: Annotated[str | None, typer.Option(help="Only the job of this id.")] = None,  # noqa: A002
    inbound: Annotated[bool, typer.Option("--inbound", help="What persons wrote.")] = False,
    limit: Limit = NEWEST,
    all: All = False,  # noqa: A002 -- the word of the command line
    before: Before = None,
    count: Count = False,
    verify: Verify = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Show messages and what became of them.

    The newest first; also while the gateway runs.
    """
    from gateway.settings import load

    url = load(config).database.address
    wanted = {"store": store, "state": state, "id": id}
    if verify and not count:
        raise typer.BadParameter("--verify goes with --count")
    if count:
        if id is not None or inbound or before is not None:
            raise typer.BadParameter("--count goes with --store, --state, --verify and --json only")
        show_counts(url, store=store, state=state, verify=verify, json=json)
    elif inbound:
        if state is not None or id is not None or all or before is not None:
            raise typer.BadParameter("--inbound goes with --store, --limit and --json only")
        show_received(url, store=store, limit=limit, json=json)
    elif all:
        run_async(_show_all(url, wanted, before, json=json))
    else:
        from gateway.cli.reading import read_jobs

        listed = run_async(read_jobs(url, **wanted, before=before, limit=limit))
        _print(listed, json=json, more=len(listed) == limit)


async def _show_all(url: str, wanted: Mapping[str, Any], before: int | None, *, json: bool) -> None:
    """Print page after page, each as it is read."""
    from gateway.cli.reading import pages_of_jobs

    async for listed in pages_of_jobs(url, wanted, before, PAGE):
        if listed or before is None:
            _print(listed, json=json, more=False)
        before = 0


def _print(listed: list[Listed], *, json: bool, more: bool) -> None:
    if json:
        for job in listed:
            print_json(as_json(job))
    elif listed:
        _print_table(listed, more=more)
    else:
        print_line("no message fits")


def as_json(job: Listed) -> dict[str, Any]:
    """Return a job for programs."""
    return {
        "key": job.key,
        "store": job.store,
        "id": job.id,
        "to": job.to,
        "text": job.text,
        "purpose": job.purpose,
        "state": job.state,
        "parts": {
            "total": job.parts.total,
            "sent": job.parts.sent,
            "delivered": job.parts.delivered,
        },
        "modem": job.modem,
        "reason": job.reason,
        "report": job.report,
        "accepted_at": job.accepted_at,
        "not_before": job.not_before,
        "expires_at": job.expires_at,
    }


def _print_table(listed: list[Listed], *, more: bool) -> None:
    table = new_table(
        "Accepted", "Store", "Id", "To", "Purpose", "State", "Parts", "Modem", "Reason"
    )
    for job in listed:
        table.add_row(
            local_time(job.accepted_at),
            store_in_words(job.store),
            job.id,
            job.to,
            job.purpose,
            job.state,
            f"{job.parts.delivered}/{job.parts.sent}/{job.parts.total}",
            job.modem or "",
            job.reason or "",
        )
    older = f"; older ones: --before {listed[-1].key}" if more else ""
    table.caption = f"Parts: delivered/sent/total{older}"
    table.caption_justify = "left"
    print_table(table)
