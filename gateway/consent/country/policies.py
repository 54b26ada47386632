"""Reading the countries' files, and which of them rules a person or a SIM.

P-1, as docs/compliance.md numbers COMPLIANCE.md section 6.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pydantic import ValidationError

from gateway.consent.country.policy import FIELDS, CountryPolicy, Source, StateRules
from gateway.domain.errors import ConfigurationError

STRICT: Final = "strict"
"""The file of what is not known, and the value of a rule that is as there."""

TEST_NETWORK: Final = "001"
"""The country of SIMs that reach nobody's telephone."""

_UNKNOWN: Final = "unknown"
_FOLDER: Final = files("gateway") / "policy" / "countries"
_SUFFIX: Final = ".toml"
_SOURCED: Final = frozenset(Source.model_fields)


class Policies:
    """The rules of all countries."""

    def __init__(self, by_country: Mapping[str, CountryPolicy], strict: CountryPolicy) -> None:
        self._by_country = by_country
        self._strict = strict

    def __iter__(self) -> Iterator[CountryPolicy]:
        return iter(self._by_country.values())

    def of(self, country: str | None) -> CountryPolicy:
        """Return the rules of a country; of one without a file, the strict ones under its name.

        Args:
            country: ISO 3166 alpha-2, or `TEST_NETWORK`; None when it is not known.
        """
        if country is None:
            return self._strict
        known = self._by_country.get(country)
        return known or self._strict.model_copy(update={"country": country})


@cache
def load_policies() -> Policies:
    """Return the rules of every country that has a file.

    Raises:
        ConfigurationError: a file is wrong; the text says which and where.
    """
    texts = {
        entry.name.removesuffix(_SUFFIX): entry.read_text(encoding="utf-8")
        for entry in _FOLDER.iterdir()
        if entry.name.endswith(_SUFFIX)
    }
    strict = read_policy(texts.pop(STRICT), STRICT, None)
    by_country = {name: read_policy(texts[name], name, strict) for name in sorted(texts)}
    return Policies(by_country, strict)


def read_policy(text: str, name: str, strict: CountryPolicy | None) -> CountryPolicy:
    """Read the rules of one country.

    Args:
        text: TOML.
        name: the name of its file, which is its country.
        strict: what holds of what it does not state; None for the strict file itself.

    Raises:
        ConfigurationError: a rule is without source or date, or is none.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"policy {name} is no TOML: {error}") from None
    return _File(name, document).read(strict)


class _File:
    """One file, and the sources that were found in it so far."""

    def __init__(self, name: str, document: Mapping[str, Any]) -> None:
        self._name = name
        self._document = dict(document)
        self._sources: dict[str, Source] = {}

    def read(self, strict: CountryPolicy | None) -> CountryPolicy:
        """Return the rules."""
        if self._document.pop("country", None) != self._name:
            raise self._fault("country", f"the file's name says {self._name!r}")
        values = {} if strict is None else dict(strict)
        values |= {"country": self._name}
        if "source" in self._document:
            self._be_unknown()
        states = self._document.pop("states", {})
        values |= {"states": {state: self._state(state, rules) for state, rules in states.items()}}
        for key, table in self._document.items():
            self._take(key, table, values, FIELDS)
        try:
            return CountryPolicy.model_validate(values | {"sources": self._sources})
        except ValidationError as error:
            raise self._invalid(error) from None

    def _be_unknown(self) -> None:
        """Take a file that says that nothing is known: it states nothing else."""
        stated = {key: self._document.pop(key, None) for key in _SOURCED}
        self._sources = dict.fromkeys(FIELDS, self._source("source", stated))
        if stated["source"] != _UNKNOWN or self._document:
            raise self._fault("source", f'a whole file may only be "{_UNKNOWN}" and state no rule')

    def _state(self, state: str, rules: Mapping[str, Any]) -> StateRules:
        values: dict[str, Any] = {}
        for key, table in rules.items():
            self._take(key, table, values, frozenset(StateRules.model_fields), f"states.{state}.")
        try:
            return StateRules.model_validate(values)
        except ValidationError as error:
            raise self._invalid(error, f"states.{state}.") from None

    def _take(
        self,
        key: str,
        table: Any,
        values: dict[str, Any],
        known: frozenset[str],
        place: str = "",
    ) -> None:
        """Put a rule with its source to the others; one that is strict stays as it was."""
        if key not in known:
            raise self._fault(place + key, f"is no rule; there are {', '.join(sorted(known))}")
        if not isinstance(table, Mapping) or "value" not in table:
            raise self._fault(place + key, "needs value, source and checked")
        stated = dict(table)
        value = stated.pop("value")
        self._sources[place + key] = self._source(place + key, stated)
        if value != STRICT:
            values[key] = value
        elif key not in values:
            raise self._fault(place + key, "there is no strict rule for it")

    def _source(self, place: str, stated: Mapping[str, Any]) -> Source:
        try:
            return Source.model_validate(
                {key: word for key, word in stated.items() if word is not None}
            )
        except ValidationError as error:
            raise self._invalid(error, f"{place}.") from None

    def _invalid(self, error: ValidationError, place: str = "") -> ConfigurationError:
        first = error.errors(include_url=False, include_context=False)[0]
        return self._fault(place + ".".join(map(str, first["loc"])), first["msg"])

    def _fault(self, place: str, reason: str) -> ConfigurationError:
        return ConfigurationError(f"policy {self._name}: {place}: {reason}")
