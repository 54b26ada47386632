"""``make fuzz``: coverage-guided fuzzing of parser, codec and redaction, with atheris (libFuzzer).

An input that finds something is written to ``tests/fuzz/seeds/<target>/`` and from then on is a
test (``test_seeds.py``). Where the real PDUs and dialogues are there, fuzzing begins with them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SEEDS: Final = HERE / "seeds"
DATA: Final = HERE.parents[2] / "shared" / "data" / "modem"
INSTRUMENTED: Final = [
    "gateway.at",
    "gateway.sms",
    "gateway.modem.receive.kinds",
    "gateway.modem.trace.redaction",
]
LONGEST: Final = 4096
"""Octets of one input; a long message's PDU has 360, a dialogue some hundreds."""


def main(seconds: int, names: list[str]) -> int:
    """Fuzz each target for its share of the time, in a process of its own."""
    failed = []
    for name in names:
        share = max(1, seconds // len(names))
        command = [sys.executable, "-m", "tests.fuzz.run", "--target", name, str(share)]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    print(f"found something: {', '.join(failed)}" if failed else "nothing was found")  # noqa: T201
    return len(failed)


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process; it ends by itself, or at the first find."""
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.fuzz.targets import TARGETS

    found = SEEDS / name
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(beginnings(name)):
            (Path(corpus) / f"seed{number}").write_bytes(seed[:LONGEST])
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=10"]
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={found}/", corpus], TARGETS[name])
        atheris.Fuzz()


def beginnings(name: str) -> Iterator[bytes]:
    """Yield what fuzzing begins with: earlier finds, and what real modems said."""
    for file in sorted((SEEDS / name).glob("*")):
        yield file.read_bytes()
    if name in ("parser", "readers", "redaction", "ussd"):
        for file in sorted(DATA.glob("transcripts/*.txt")):
            said = [line[3:] for line in file.read_text().splitlines() if line.startswith("<<")]
            yield bytes([len(said) % 8]) + "\r\n".join(said).encode()
    elif (corpus := DATA / "pdus.jsonl").exists():
        for line in corpus.read_text().splitlines():
            record = json.loads(line)
            yield _beginning(name, record)


def _beginning(name: str, record: dict[str, object]) -> bytes:
    if name == "pdu":
        digits = "".join(char for char in str(record["pdu"]) if char in "0123456789abcdefABCDEF")
        return b"\xff" + bytes.fromhex(digits[: len(digits) // 2 * 2])
    return b"\x01" + json.dumps(record["expect"], ensure_ascii=False).encode()


if __name__ == "__main__":
    if sys.argv[1] == "--target":
        fuzz(sys.argv[2], int(sys.argv[3]))
    else:
        from tests.fuzz.targets import TARGETS

        sys.exit(main(int(sys.argv[1]), sys.argv[2:] or list(TARGETS)))
