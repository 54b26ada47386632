"""Trees of a loaded boosting, checked before they predict.

Its compiled code follows the child numbers of a node unchecked, so that a forged tree could read
memory that is not its own, or never end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scoring.errors import ModelRefusedError


def check_trees(model: object, file: str) -> None:
    """Refuse a model with a tree whose nodes point outside of it.

    Raises
    ------
    ModelRefusedError
        A child is not further down its own tree, or a feature is not among the model's.
    """
    for boosting in _boostings(model):
        for predictor in (tree for stage in boosting._predictors for tree in stage):
            if not _sound(predictor.nodes, boosting.n_features_in_):
                raise ModelRefusedError(
                    f"{file} is not loaded: a tree in it is damaged; run `shopbell score train`"
                )


def _sound(nodes: np.ndarray, features: int) -> bool:
    inner = nodes[nodes["is_leaf"] == 0]
    place = np.flatnonzero(nodes["is_leaf"] == 0)
    children = np.stack([inner["left"], inner["right"]]).astype(np.int64)
    return bool(
        len(nodes)
        and np.all(children > place)
        and np.all(children < len(nodes))
        and np.all(inner["feature_idx"] >= 0)
        and np.all(inner["feature_idx"] < features)
        and not np.any(inner["is_categorical"])
    )


def _boostings(model: object) -> Iterator[Any]:
    """Yield every boosting inside a model, however deep."""
    seen: set[int] = set()
    waiting = [model]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if hasattr(part, "_predictors"):
            yield part
        waiting.extend(_inside(part))


def _inside(part: object) -> list[object]:
    if isinstance(part, dict):
        return list(part.values())
    if isinstance(part, (list, tuple)):
        return list(part)
    ours = type(part).__module__.startswith(("scoring.", "sklearn."))
    return list(getattr(part, "__dict__", {}).values()) if ours else []
