"""``shopbell run``: the gateway in the foreground."""

from __future__ import annotations

from datetime import datetime

from gateway.cli.importing import importing, started
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config
from gateway.cli.output import local_time, print_line


def run(config: Config = DEFAULT_CONFIG) -> None:
    """Run the gateway in the foreground.

    Prints `ready` when it takes jobs, then, while the console has no user, a link that makes the
    first one; SIGTERM or SIGINT drains and ends it.
    """
    with importing():
        import structlog

        from gateway import app
        from gateway.cli.logs import configure_logging
        from gateway.settings import arm_failpoint, load, notify_socket, watchdog_seconds

    log = structlog.get_logger(__name__)
    settings = load(config)
    arm_failpoint()
    configure_logging()

    def on_ready() -> None:
        started()
        try:
            print_line("ready")
        except OSError as error:  # that nobody listens is no reason not to run
            log.warning("readiness_not_told", error=str(error))

    manager = app.ServiceManager(notify_socket())
    run_async(
        app.run(
            settings,
            path=config,
            on_ready=on_ready,
            on_link=_show_link,
            manager=manager,
            watchdog=watchdog_seconds(),
        )
    )


def _show_link(link: str, ends_at: datetime) -> None:
    """Show by which address the first user is made: once, and to who sees this output."""
    print_line(f"console  {link}  (makes the first user; until {local_time(ends_at)})")
