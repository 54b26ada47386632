"""Which keys of a configuration are secrets, for who passes a configuration on."""

from __future__ import annotations

from gateway.settings.model import SECTIONS


def secret_keys() -> frozenset[str]:
    """Return the keys whose values are secrets; those that name a file are none."""
    return frozenset(
        key
        for section in SECTIONS.values()
        for key, field in section.model_fields.items()
        if "SecretStr" in str(field.annotation) and not key.endswith("_file")
    )
