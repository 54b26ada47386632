"""The profiles are data that people write: every file is read, and each stick finds its own."""

from __future__ import annotations

import pytest

from gateway.domain.errors import ConfigurationError
from gateway.modem.known.profile import Profile
from gateway.modem.known.profiles import GENERIC, choose_profile, load_profiles, read_profile
from gateway.modem.modem import Identity


def test_the_generic_profile_says_what_the_defaults_say() -> None:
    generic = load_profiles()[GENERIC]
    assert generic.ladders.announcements == Profile(name="x").ladders.announcements
    assert generic.ussd == Profile(name="x").ussd


@pytest.mark.parametrize(
    ("manufacturer", "model", "usb", "name"),
    [
        ("huawei", "E173", None, "huawei-e173"),
        ("huawei", "E1752", None, "huawei-e1752"),
        ("huawei", "E3372", "12d1:1506", "huawei-e3372"),
        ("ZTE INCORPORATED", "MF190", None, "zte-mf190"),
        ("ZTE CORPORATION", "MF710M", None, "zte-mf710"),
        ("Quectel", "EC25", "2c7c:0125", "quectel-ec25"),
        ("Quectel", "EG25", "2c7c:0125", "quectel-eg25"),
        ("Quectel", "UC20", "05c6:9003", "quectel-uc20"),
        ("SIMCOM_Ltd", "SIMCOM_SIM800L", None, "simcom-sim800"),
        ("SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", None, "simcom-sim7600"),
        ("INCORPORATED", "A7670E-LASE", "1e0e:9011", "simcom-sim7670"),
        ("SIMCOM INCORPORATED", "SIM7670G", None, "simcom-sim7670"),
        ("Telit", "HE910-D", None, "telit-he910"),
        ("Sierra Wireless, Incorporated", "MC7304", None, "sierra"),
        ("u-blox", "LISA-U200", None, "ublox"),
        ("WAVECOM MODEM", "MULTIBAND  900E  1800", None, "wavecom"),
        ("Nokia", "6021", None, GENERIC),
        ("", "", "1bc7:0021", "telit-he910"),
        ("", "", None, GENERIC),
        ("huawei", "E9999", None, GENERIC),
    ],
)
def test_a_stick_finds_its_profile(
    manufacturer: str, model: str, usb: str | None, name: str
) -> None:
    assert choose_profile(Identity(manufacturer=manufacturer, model=model), usb) == name


def test_every_profile_but_the_generic_one_can_be_found() -> None:
    for name, profile in load_profiles().items():
        match = profile.match
        assert name == GENERIC or match.manufacturer or match.usb


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "x.toml is no TOML"),
        ('name = "x"\n[habit]\nwake = true', "x.toml: habit"),
        ('name = "x"\n[match]\nusb = ["12D1"]', "x.toml: match.usb.0"),
        ('name = "x"\n[codes.cms]\n512 = "bussy"', "x.toml: codes.cms.512"),
    ],
)
def test_a_wrong_file_names_its_fault(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_profile(text, source="x.toml")
