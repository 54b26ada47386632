"""``python -m gateway.cli.apart DESCRIPTOR``: the console's process, which a gateway begins."""

from __future__ import annotations

import asyncio
import sys


def main() -> None:
    """Answer until the gateway that began this hangs up."""
    from gateway.app.apart.child import serve
    from gateway.cli.logs import configure_logging

    configure_logging()
    asyncio.run(serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
