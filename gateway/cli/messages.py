"""``shopbell messages``: what is queued, sent, delivered, failed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.inbound import show_received
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table
from gateway.domain.states import JobState

if TYPE_CHECKING:
    from gateway.db.listing import Listed

NEWEST: Final = 50
"""Messages shown unless another number is asked for."""

State = Annotated[JobState | None, typer.Option(help="Only in this state.")]
Limit = Annotated[int, typer.Option(min=1, metavar="N", help="At most so many, the newest.")]


def messages(
    store: Annotated[str | None, typer.Option(help="Only of this store.")] = None,
    state: State = None,
    id: Annotated[str | None, typer.Option(help="Only the job of this id.")] = None,  # noqa: A002
    inbound: Annotated[bool, typer.Option("--inbound", help="What persons wrote.")] = False,
    limit: Limit = NEWEST,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Show messages and what became of them.

    The newest first; also while the gateway runs.
    """
    from gateway.cli.reading import read_jobs
    from gateway.settings import load

    database = load(config).database
    if inbound:
        if state is not None or id is not None:
            raise typer.BadParameter("--inbound goes with --store, --limit and --json only")
        show_received(database.url, store=store, limit=limit, json=json)
        return
    listed = run_async(read_jobs(database.url, store=store, state=state, id=id, limit=limit))
    if json:
        for job in listed:
            print_json(as_json(job))
    elif listed:
        _print_table(listed)
    else:
        print_line("no message fits")


def as_json(job: Listed) -> dict[str, Any]:
    """Return a job for programs."""
    return {
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


def _print_table(listed: list[Listed]) -> None:
    table = new_table(
        "Accepted", "Store", "Id", "To", "Purpose", "State", "Parts", "Modem", "Reason"
    )
    for job in listed:
        table.add_row(
            local_time(job.accepted_at),
            job.store,
            job.id,
            job.to,
            job.purpose,
            job.state,
            f"{job.parts.delivered}/{job.parts.sent}/{job.parts.total}",
            job.modem or "",
            job.reason or "",
        )
    table.caption = "Parts: delivered/sent/total"
    table.caption_justify = "left"
    print_table(table)
