"""Which carrier serves a message that may go over no SIM."""

from __future__ import annotations

import pytest

from gateway.domain.ids import CarrierName, LineId, carrier_line, is_carrier
from gateway.domain.purpose import Purpose
from gateway.domain.route import CarrierRoute, route_for

pytestmark = pytest.mark.rule("SIM-5")

FRANCE = CarrierRoute(
    line=carrier_line(CarrierName("fr")),
    prefixes=("+33", "+262"),
    purposes=frozenset({Purpose.MARKETING}),
)
REST = CarrierRoute(line=carrier_line(CarrierName("rest")))


@pytest.mark.parametrize(
    ("routes", "recipient", "purpose", "expected"),
    [
        ((), "+33639980001", Purpose.MARKETING, None),
        ((FRANCE,), "+33639980001", Purpose.MARKETING, "carrier:fr"),
        ((FRANCE,), "+262639980001", Purpose.MARKETING, "carrier:fr"),
        ((FRANCE,), "+33639980001", Purpose.TRANSACTIONAL, None),
        ((FRANCE,), "+447700900123", Purpose.MARKETING, None),
        ((FRANCE, REST), "+33639980001", Purpose.OTP, "carrier:rest"),
        ((FRANCE, REST), "+447700900123", Purpose.MARKETING, "carrier:rest"),
        ((REST, FRANCE), "+33639980001", Purpose.MARKETING, "carrier:rest"),
    ],
)
def test_the_first_that_serves_it_has_it(
    routes: tuple[CarrierRoute, ...], recipient: str, purpose: Purpose, expected: str | None
) -> None:
    assert route_for(routes, recipient, purpose) == expected


def test_a_carrier_is_told_from_a_sim() -> None:
    assert is_carrier(REST.line)
    assert not is_carrier(LineId("8944100000000000001"))
    assert not is_carrier(None)
