"""The rows of the matrix of docs/modems.md: what goes wrong, when, and what makes it good again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

PIN: Final = "1234"

BACK: Final = 1.0
"""Seconds until a stick that was pulled out is put back."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One row."""

    title: str
    faults: tuple[str, ...] = ()
    """Armed on every modem before the jobs come: ``name``, ``name=value``, ``name*count``."""
    asked: tuple[dict[str, Any], ...] = ()
    """Asked of the bank at the same moment."""
    lasts: float = 0.0
    """Seconds after which the faults are cleared; zero: never."""
    healed_by: tuple[dict[str, Any], ...] = ()
    """Asked of the bank then."""
    simulator: tuple[str, ...] = ()
    """Options of the bank."""
    settings: str = ""
    """Of the gateway, besides."""
    from_start: bool = False
    """The faults are there when the gateway starts."""
    inbound: bool = False
    """A person writes to each modem, too."""
    locked: bool = False
    """The SIMs have a PIN."""
    fragile: bool = False
    """It leaves modems behind that are not as before, so that it needs a house of its own."""
    calm: float = 4.0
    """Seconds without a word to the store after which a job that is sent or in doubt stays so."""
    patience: float = 45.0
    """Seconds in which it has to come to an end."""

    @property
    def alone(self) -> bool:
        """Whether it needs a house of its own."""
        special = self.simulator or self.settings or self.from_start or self.locked
        return self.fragile or bool(special)


_UNPLUG: Final = f"={BACK}*1"

KINDS: Final[dict[str, tuple[Scenario, ...]]] = {
    "wire": (
        Scenario(title="none"),
        Scenario(title="vendor lines everywhere", faults=("noise%0.3",)),
        Scenario(title="garbage before answers", faults=("garbage%0.2",)),
        Scenario(title="a flood of NULs", faults=("nul_flood*2",)),
        Scenario(title="one octet at a time", faults=("trickle",)),
        Scenario(title="lines end with LF", faults=("lf_only",)),
        Scenario(title="prompt without a blank", faults=("bare_prompt",)),
        Scenario(title="echo twice, unasked", faults=("double_echo",)),
        Scenario(title="echo on again", faults=("echo_again*1",)),
        Scenario(
            title="a report split inside an answer",
            faults=("split_urc*1",),
            simulator=("--report-delay", "0.02", "--latency", "0.3"),
        ),
        Scenario(title="a character of the PDU lost", faults=("lose_octet*1",)),
    ),
    "answer": (
        Scenario(
            title="hangs until it is reset",
            fragile=True,
            faults=("hang_until_reset*1",),
            patience=320,
        ),
        Scenario(title="a command without an answer", faults=("silence*1",)),
        Scenario(title="the OK of a command 6 s late", faults=("late_ok*1",), calm=10),
        Scenario(title="no prompt", faults=("no_prompt*1",)),
        Scenario(title="refused before the PDU (500)", faults=("refuse=500*1",)),
        Scenario(title="refused by the network (41)", faults=("reject=41*1",)),
        Scenario(title="refused for good (1)", faults=("reject=1*1",)),
        Scenario(title="OK without +CMGS", faults=("ok_only*1",)),
        Scenario(title="+CMGS without OK", faults=("no_ok*1",)),
    ),
    "doubt": (
        Scenario(title="sent, and answered with 500", faults=("error_after_accept=500*1",)),
        Scenario(title="sent, the answer lost", faults=("lose_answer*1",)),
        Scenario(title="sent, the answer 4 s late", faults=("late_answer=4*1",)),
        Scenario(title="swallowed without a word", faults=("swallow*1",)),
        Scenario(
            title="swallowed, and sent again after the time set",
            faults=("swallow*1",),
            settings="resend_unconfirmed_after = 4\n",
        ),
    ),
    "reports": (
        Scenario(title="report before +CMGS", faults=("report_early",)),
        Scenario(title="report twice", faults=("report_twice",)),
        Scenario(title="report in two steps", faults=("report_temporary",)),
        Scenario(title="no report", faults=("report_never",)),
        Scenario(title="report of a failure", faults=("report_failed",)),
        Scenario(title="+CNMI forgotten", faults=("cnmi_forgotten*1",)),
    ),
    "hang": (
        Scenario(title="hangs until ESC", fragile=True, faults=("hang_until_esc*1",)),
        Scenario(
            title="hangs until the port is reopened",
            fragile=True,
            faults=("hang_until_reopened*1",),
        ),
        Scenario(
            title="hangs until the power goes",
            fragile=True,
            faults=("hang_until_power*1",),
            lasts=12,
            healed_by=({"do": "unplug", "back_after": BACK},),
            patience=90,
        ),
        Scenario(
            title="hangs at the prompt", fragile=True, faults=("hang_until_reopened=prompt*1",)
        ),
        Scenario(
            title="hangs at Ctrl-Z, not sent",
            fragile=True,
            faults=("hang_until_reopened=ctrl_z*1",),
        ),
        Scenario(
            title="hangs at Ctrl-Z, sent", fragile=True, faults=("hang_until_reopened=accept*1",)
        ),
    ),
    "gone": (
        Scenario(
            title="unplugged at the prompt", fragile=True, faults=(f"unplug_at_prompt{_UNPLUG}",)
        ),
        Scenario(title="unplugged in the PDU", fragile=True, faults=(f"unplug_in_pdu{_UNPLUG}",)),
        Scenario(
            title="unplugged after Ctrl-Z, not sent",
            fragile=True,
            faults=(f"unplug_after_ctrl_z{_UNPLUG}",),
        ),
        Scenario(
            title="unplugged after Ctrl-Z, sent",
            fragile=True,
            faults=(f"unplug_after_accept{_UNPLUG}",),
        ),
        Scenario(title="restarts in the PDU", fragile=True, faults=("reboot_in_pdu*1",)),
        Scenario(
            title="restarts after Ctrl-Z, not sent", fragile=True, faults=("reboot_after_ctrl_z*1",)
        ),
        Scenario(
            title="restarts after Ctrl-Z, sent", fragile=True, faults=("reboot_after_accept*1",)
        ),
        Scenario(title="hang-up", fragile=True, asked=({"do": "hangup"},)),
    ),
    "network": (
        Scenario(
            title="no network for 6 s",
            fragile=True,
            faults=("registration_lost",),
            lasts=6,
            patience=60,
        ),
        Scenario(
            title="denied for 6 s",
            fragile=True,
            faults=("registration_denied",),
            lasts=6,
            patience=60,
        ),
        Scenario(
            title="network lost by sending", fragile=True, faults=("deregister=3*1",), patience=60
        ),
        Scenario(
            title="service centre forgotten", fragile=True, faults=("smsc_lost*1",), patience=60
        ),
    ),
    "sim": (
        Scenario(
            title="restarts and asks for the PIN",
            fragile=True,
            asked=({"do": "reboot"},),
            patience=90,
            locked=True,
        ),
        Scenario(
            title="asks for the PIN again",
            fragile=True,
            faults=("pin_again*1",),
            patience=60,
            locked=True,
        ),
        Scenario(
            title="SIM out for 5 s",
            fragile=True,
            asked=({"do": "eject"},),
            lasts=5,
            healed_by=({"do": "insert"},),
            patience=90,
        ),
    ),
    "start": (
        Scenario(title="starts together with the gateway", simulator=("--boot", "1")),
        Scenario(title="+CNMI refused at the start", faults=("error=+CNMI*2",), from_start=True),
        Scenario(title="+CPMS refused at the start", faults=("error=+CPMS*4",), from_start=True),
        Scenario(title="+CSCA refused at the start", faults=("error=+CSCA*2",), from_start=True),
        Scenario(title="busy at the start", faults=("error=+CPIN*3",), from_start=True),
    ),
    "stored": (
        Scenario(title="delete refused", faults=("error=+CMGD=500*3",), inbound=True),
        Scenario(title="wrong memory announced", faults=("wrong_memory*1",), inbound=True),
        Scenario(title="wrong slot announced", faults=("wrong_index*1",), inbound=True),
        Scenario(title="answers in text mode", faults=("text_mode*1",), inbound=True),
        Scenario(title="the list is cut", faults=("cut_list*1",), inbound=True),
        Scenario(title="storage full for 5 s", faults=("storage_full",), lasts=5, inbound=True),
    ),
}
"""By what is at fault; each kind is a test file, and thereby one worker's."""


def rows() -> list[str]:
    """The titles of all, in order."""
    return [scenario.title for kind in KINDS.values() for scenario in kind]
