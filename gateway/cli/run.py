"""``shopbell run``: the gateway in the foreground."""

from __future__ import annotations

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config
from gateway.cli.output import print_line


def run(config: Config = DEFAULT_CONFIG) -> None:
    """Run the gateway in the foreground.

    Prints `ready` when it takes jobs; SIGTERM or SIGINT drains and ends it.
    """
    import structlog

    from gateway import app
    from gateway.cli.logs import configure_logging
    from gateway.settings import arm_failpoint, load, notify_socket

    settings = load(config)
    arm_failpoint()
    configure_logging()
    if settings.console is not None:
        structlog.get_logger(__name__).warning("console_not_in_this_version")
    supervisor = notify_socket()

    def on_ready() -> None:
        print_line("ready")
        if supervisor is not None:
            _notify(supervisor, "READY=1")

    run_async(app.run(settings, path=config, on_ready=on_ready))


def _notify(address: str, state: str) -> None:
    """Tell the service manager how we are (sd_notify(3)); ``@`` begins an abstract name."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        client.sendall(state.encode())
