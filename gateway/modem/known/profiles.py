"""Reading the profiles and choosing the one that fits a stick."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from gateway.domain.errors import ConfigurationError
from gateway.modem.known.profile import Profile
from gateway.modem.modem import Identity

GENERIC: Final = "generic"
"""The file of what fits no other."""

_FOLDER: Final = files("hardware.profiles")
_SUFFIX: Final = ".toml"


@cache
def load_profiles() -> Mapping[str, Profile]:
    """Return every profile by the name of its file, without its suffix, in the names' order.

    Raises:
        ConfigurationError: a file is wrong; the text says which and where.
    """
    names = sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(_SUFFIX))
    return {
        name.removesuffix(_SUFFIX): read_profile(
            (_FOLDER / name).read_text(encoding="utf-8"), source=name
        )
        for name in names
    }


def read_profile(text: str, *, source: str) -> Profile:
    """Read one profile.

    Args:
        text: TOML.
        source: where it is from, for the error.

    Raises:
        ConfigurationError: it is no profile.
    """
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"profile {source} is no TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"profile {source}: {place}: {first['msg']}") from None


def choose_profile(identity: Identity, usb: str | None = None) -> str:
    """Return the name of the profile that fits a stick best; `GENERIC` when none does.

    What a stick says of itself is worth more than its USB numbers, which vendors share among
    models; a named model is worth more than its manufacturer.

    Args:
        identity: what the stick says; it may say nothing.
        usb: vendor and product such as ``12d1:1506``, where it is a USB stick.
    """
    ranked = {name: _rank(profile, identity, usb) for name, profile in load_profiles().items()}
    best = max(ranked, key=lambda name: ranked[name])
    return best if any(ranked[best]) else GENERIC


def _rank(profile: Profile, identity: Identity, usb: str | None) -> tuple[bool, bool, bool]:
    match = profile.match
    by_usb = usb is not None and usb.lower() in match.usb
    vendor = _fits(match.manufacturer, identity.manufacturer)
    if not match.model:
        return False, vendor, by_usb
    model = vendor and _fits(match.model, identity.model)
    if identity.model and not model:
        return False, False, False
    return model, False, by_usb


def _fits(pattern: str, told: str) -> bool:
    return bool(pattern and re.search(pattern, told, re.IGNORECASE))
