"""``shopbell bridge``: what shop systems tell over HTTP becomes events over MQTT."""

from __future__ import annotations

from gateway.cli.importing import importing, started
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config
from gateway.cli.output import print_line


def bridge(config: Config = DEFAULT_CONFIG) -> None:
    """Take webhooks of Shopify and WooCommerce, and Segment's calls, for the stores.

    Prints `ready` when it answers; SIGTERM or SIGINT ends it.
    """
    with importing():
        from gateway.bridge import serve
        from gateway.cli.logs import configure_logging
        from gateway.settings import load

    settings = load(config)
    configure_logging()

    def on_ready() -> None:
        started()
        print_line("ready")

    run_async(serve(settings, config, on_ready))
