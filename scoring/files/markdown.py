"""A model's card as a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scoring.files.card import Metric, ModelCard


def as_markdown(card: ModelCard, versions: Mapping[str, str], picture: str | None) -> str:
    """Return the card in markdown.

    Parameters
    ----------
    card : ModelCard
    versions : mapping of str to str
        As of `scoring.files.versions`.
    picture : str or None
        Name of the calibration plot beside it; None: there is none.
    """
    sections = [
        f"# {card.name}: {card.model_id}\n",
        _facts(card),
        _section("How good it is, on rows it had not seen", _metrics(card.metrics)),
        _section("Calibration", _calibration(card, picture)),
        _section("What it is made of", _made_of(card)),
        _section("For what", _list(card.intended)),
        _section("Not for", _list(card.forbidden)),
        _section("Remarks", _list(card.remarks)),
        _section("Made with", ", ".join(f"{name} {word}" for name, word in versions.items())),
    ]
    return "\n".join(section for section in sections if section)


def _facts(card: ModelCard) -> str:
    facts = {
        "made at": card.made_at,
        "store": card.store or "the only one of the lake",
        "data": f"{card.data_from} to {card.data_to}",
        "training cut-offs": ", ".join(card.cutoffs),
        "horizon": None if card.horizon is None else f"{card.horizon} days",
        "population": card.population,
        "base rate": None if card.base_rate is None else f"{card.base_rate:.4g}",
        "rows": f"{card.rows:,} of {card.people:,} people",
        "seeds": ", ".join(map(str, card.seeds)),
        "hash of the data": card.data_hash,
    }
    rows = [f"| {name} | {value} |" for name, value in facts.items() if value]
    return "\n".join(["| | |", "| --- | --- |", *rows, ""])


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}\n" if body else ""


def _metrics(metrics: Iterable[Metric]) -> str:
    rows = [f"| {one.name} | {one.value:.4g} | {_interval(one)} | {one.on} |" for one in metrics]
    head = ["| figure | value | 95 % interval | on |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows]) if rows else ""


def _interval(metric: Metric) -> str:
    if metric.low is None or metric.high is None:
        return ""
    return f"{metric.low:.4g} to {metric.high:.4g}"


def _calibration(card: ModelCard, picture: str | None) -> str:
    rows = [
        f"| {one.predicted:.4g} | {one.actual:.4g} | {one.rows:,} |" for one in card.calibration
    ]
    if not rows:
        return ""
    shown = [f"![said and came]({picture})", ""] if picture else []
    return "\n".join([*shown, "| said | came | rows |", "| --- | --- | --- |", *rows])


def _made_of(card: ModelCard) -> str:
    parameters = [f"`{name}` = {value}" for name, value in card.parameters.items()]
    features = [f"features: {', '.join(card.features)}"] if card.features else []
    return _list([*card.members, *parameters, *features])


def _list(entries: Iterable[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)
