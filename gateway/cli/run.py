"""``shopbell run``: the gateway in the foreground."""

from __future__ import annotations

from collections.abc import Callable
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
        from gateway.settings import arm_failpoint, load, notify_socket

    log = structlog.get_logger(__name__)
    settings = load(config)
    arm_failpoint()
    configure_logging()
    supervisor = notify_socket()

    def on_ready() -> None:
        started()
        for tell in _tellers(supervisor):
            try:
                tell()
            except OSError as error:
                log.warning("readiness_not_told", error=str(error))

    run_async(app.run(settings, path=config, on_ready=on_ready, on_link=_show_link))


def _show_link(link: str, ends_at: datetime) -> None:
    """Show by which address the first user is made: once, and to who sees this output."""
    print_line(f"console  {link}  (makes the first user; until {local_time(ends_at)})")


def _tellers(supervisor: str | None) -> list[Callable[[], None]]:
    """Who is told; that one of them does not listen is no reason not to run."""
    tellers = [lambda: print_line("ready")]
    if supervisor is not None:
        tellers.append(lambda: _notify(supervisor, "READY=1"))
    return tellers


def _notify(address: str, state: str) -> None:
    """Tell the service manager how we are (sd_notify(3)); ``@`` begins an abstract name."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        client.sendall(state.encode())
