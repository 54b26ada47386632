"""Records the traces of this folder: ``python -m tests.data.record``, in the project's folder.

Each is the life of one simulated stick as the gateway meets it: the start sequence, a message with
its report, and a message that comes in. A trace of a real stick belongs beside
them: `shopbell modem probe` and `[gateway] trace_dir` write it in this form.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from gateway.domain.clock import SystemClock
from gateway.modem.driver import Driver
from gateway.modem.link.link import Link
from gateway.modem.port.transport import open_port
from gateway.modem.receive.mailbox import Mailbox
from gateway.modem.start.start import bring_up
from gateway.modem.trace.sheets import Folder
from gateway.sms import Submit, UserData, address_of, gsm7
from tests.modem.bench import MemorySink, fresh_memory, never_mind, settings, until
from tests.modem.worlds import Bank

TRACES = Path(__file__).parent / "traces"

PROFILES = (
    "generic",
    "huawei-e173",
    "quectel-ec25",
    "simcom-sim7670",
    "simcom-sim800",
    "telit-he910",
    "wavecom",
    "zte-mf190",
)

MESSAGE = Submit(
    destination=address_of("+447700900123"),
    user_data=UserData(content=gsm7.encode("Your order has shipped.")),
    report=True,
).encode()


async def record(profile: str, folder: Path) -> None:
    """Record one stick into a folder."""
    bank = Bank(folder / "bank", "--modems", "1", "--profile", profile)
    traces = Folder(folder / "traces", SystemClock())
    try:
        await _live(bank, traces)
    finally:
        bank.stop()
        await asyncio.to_thread(traces.finish)


async def _live(bank: Bank, traces: Folder) -> None:
    sink, mailbox = MemorySink(), Mailbox("m0")
    link, chosen = Link("m0", mailbox.hear), settings(port=str(bank.directory / "modem0"))
    opener = traces.recording("simulator", open_port)
    await opener(chosen.port, link, baudrate=chosen.baudrate)
    memory = fresh_memory()
    setup = await bring_up(link, chosen, memory, lambda state: None)
    driver = Driver(link, mailbox, setup, chosen, sink, lambda reading: None, memory)
    running = asyncio.create_task(driver.run(), name="driver")
    try:
        await asyncio.sleep(0.5)  # The first sweep of the storages.
        await driver.submit(MESSAGE, never_mind)
        await until(lambda: len(sink.reports) == 1)
        with bank.control() as control:
            control.inbound("modem0", "+447700900456", "Thank you")
        await until(lambda: len(sink.messages) == 1)
        await asyncio.sleep(0.5)  # Until it is deleted.
    finally:
        link.abort("recorded")
        await running


async def main() -> None:
    for profile in PROFILES:
        with tempfile.TemporaryDirectory() as folder:
            await record(profile, Path(folder))
            (trace,) = (Path(folder) / "traces").iterdir()
            text = trace.read_text().split("\n", 1)[1]
            source = f"# source: the simulator, --profile {profile} (python -m tests.data.record)"
            (TRACES / f"{profile}.txt").write_text(f"{source}\n{text}")


if __name__ == "__main__":
    asyncio.run(main())
