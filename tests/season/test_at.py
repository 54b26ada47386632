"""A few hours with every word between driver and modem: the clock holds for the whole house."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.domain.ids import ModemName
from gateway.modem import ModemSettings, Supervisor
from season.cable import Cable
from season.house import furnish, opened
from season.season import Season
from season.test_clock import START, job, make_shop

pytestmark = pytest.mark.looptime


async def test_the_driver_sends_over_a_whole_simulated_modem_and_hears_what_comes_in(
    tmp_path: Path,
) -> None:
    furnish(tmp_path, modems=1)
    async with opened(tmp_path, START, plugged=False) as house:
        cable = Cable(0, house.network)
        supervisor = Supervisor(
            ModemSettings(name=ModemName("m0"), port="memory"),
            sink=house.dispatcher,
            serve=house.dispatcher.serve,
            opener=cable.open,
        )
        async with house.running(supervisor.run()):
            jobs = [job(number, START) for number in range(20)]
            await house.admission.admit(jobs)
            season = Season(house, make_shop(3, 1))
            await season.run(START + timedelta(hours=1))
            cable.sim.text(jobs[0].to, "STOP")
            await season.run(START + timedelta(hours=2))
    texts = [(sms.to, sms.text) for sms in house.network.sent]
    assert sorted(texts[:20]) == sorted((one.to, one.text) for one in jobs)
    [answer] = texts[20:]
    assert answer[0] == jobs[0].to
    assert "Acme" in answer[1]
