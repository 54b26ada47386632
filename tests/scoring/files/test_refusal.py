"""A file from outside is refused in one sentence, and nothing of it is ever run."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier

from scoring.errors import ModelRefusedError
from scoring.files import ModelCard, load, save

CARD = ModelCard(
    name="churn",
    model_id="churn-1",
    made_at="2011-12-10T02:00:00Z",
    population="",
    rows=1,
    people=1,
)


class Evil:
    """Says that it was made, should it ever be."""

    made = False

    def __new__(cls) -> Evil:
        cls.made = True
        return super().__new__(cls)


def _place(folder: Path, data: bytes) -> None:
    """Put ``data`` where a model lies, with a sidecar that vouches for it."""
    sidecar = save({"rate": 0.5}, folder, CARD)
    document = json.loads(sidecar.read_text())
    (folder / document["model"]).write_bytes(data)
    document["sha256"] = hashlib.sha256(data).hexdigest()
    sidecar.write_text(json.dumps(document))


def _forge(schema: Any, **files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _node(loader: str, name: str, **rest: Any) -> dict[str, Any]:
    module, _, kind = name.rpartition(".")
    return {"__loader__": loader, "__module__": module, "__class__": kind, "__id__": 1, **rest}


def _schema(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "protocol": 2, "_skops_version": "0.16.0"}


@pytest.mark.parametrize(
    ("thing", "named"),
    [
        (Counter(a=1), "collections.Counter"),
        (partial(os.system, "true"), "functools.partial"),
        (os.system, "system"),
        (np.sin, "numpy.sin"),
        ([{"deep": (os.getcwd,)}], "getcwd"),
        (HistGradientBoostingClassifier().fit, "MethodNode"),
    ],
)
def test_a_type_that_is_not_on_the_list_is_named(tmp_path: Path, thing: Any, named: str) -> None:
    _place(tmp_path, skops.io.dumps(thing))
    with pytest.raises(ModelRefusedError, match=named):
        load(tmp_path)


@pytest.mark.parametrize(
    "node",
    [
        _node("ObjectNode", f"{__name__}.Evil", content=None),
        _node("ReduceNode", "builtins.eval"),
        _node("OperatorFuncNode", "operator.methodcaller", attrs=["system"]),
        _node("FunctionNode", "os.system", content="system"),
        _node("NoSuchNode", "builtins.dict"),
        {"__loader__": "JsonNode", "content": "1"},
        _node("JsonNode", "builtins.str", content=_node("TypeNode", "subprocess.Popen")),
    ],
    ids=lambda node: f"{node['__loader__']}-{node.get('__class__')}",
)
def test_a_forged_description_is_refused_before_anything_is_made(
    tmp_path: Path, node: dict[str, Any]
) -> None:
    _place(tmp_path, _forge(_schema(node)))
    with pytest.raises(ModelRefusedError, match="is not loaded"):
        load(tmp_path)
    assert not Evil.made


def test_an_array_that_is_a_pickle_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    np.save(packed, np.array([Evil], dtype=object), allow_pickle=True)
    node = _node("NdArrayNode", "numpy.ndarray", type="numpy", file="a")
    _place(tmp_path, _forge(_schema(node), a=packed.getvalue()))
    with pytest.raises(ModelRefusedError, match="damaged"):
        load(tmp_path)
    assert not Evil.made


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    whole = skops.io.dumps({"weights": np.arange(1000)})
    _place(tmp_path, whole[: int(len(whole) * share)])
    with pytest.raises(ModelRefusedError, match="damaged"):
        load(tmp_path)


@pytest.mark.parametrize("data", [b"\x80\x04.", b"{}", b"PK\x05\x06" + b"\0" * 18])
def test_a_foreign_file_is_refused(tmp_path: Path, data: bytes) -> None:
    _place(tmp_path, data)
    with pytest.raises(ModelRefusedError, match="no file of a model"):
        load(tmp_path)


def test_a_file_that_the_sidecar_does_not_vouch_for_is_refused(tmp_path: Path) -> None:
    save({"rate": 0.5}, tmp_path, CARD)
    (file,) = tmp_path.glob("*.skops")
    file.write_bytes(skops.io.dumps({"rate": 0.9}))
    with pytest.raises(ModelRefusedError, match="not the file that was written"):
        load(tmp_path)


@pytest.mark.parametrize("words", ["", "[]", "{}", "null", '{"card": 1}', '{"card": {"name": 1}}'])
def test_a_damaged_sidecar_is_refused(tmp_path: Path, words: str) -> None:
    save({"rate": 0.5}, tmp_path, CARD).write_text(words)
    with pytest.raises(ModelRefusedError, match="damaged"):
        load(tmp_path)


def test_a_sidecar_names_only_files_of_its_own_folder(tmp_path: Path) -> None:
    """A path in it leads nowhere else, so that nothing outside of the folder is read."""
    sidecar = save({"rate": 0.5}, tmp_path / "in", CARD)
    data = skops.io.dumps({"rate": 0.9})
    (tmp_path / "outside.skops").write_bytes(data)
    document = json.loads(sidecar.read_text())
    document |= {"model": "../outside.skops", "sha256": hashlib.sha256(data).hexdigest()}
    sidecar.write_text(json.dumps(document))
    with pytest.raises(ModelRefusedError, match="cannot be read"):
        load(tmp_path / "in")


def test_a_description_that_would_unpack_without_end_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", b" " * (2**26 + 1))
    _place(tmp_path, packed.getvalue())
    with pytest.raises(ModelRefusedError, match="too large"):
        load(tmp_path)


@pytest.mark.parametrize(("field", "value"), [("left", 10**6), ("left", 0), ("feature_idx", 99)])
def test_a_tree_that_points_outside_of_itself_is_refused(
    tmp_path: Path, field: str, value: int
) -> None:
    """The compiled code that walks a tree checks no bound."""
    rng = np.random.default_rng(1)
    X = rng.random((200, 2))
    model = HistGradientBoostingClassifier(max_iter=2).fit(X, X[:, 0] > 0.5)
    model._predictors[0][0].nodes[field][0] = value
    save({"members": [model]}, tmp_path, CARD)
    with pytest.raises(ModelRefusedError, match="a tree in it is damaged"):
        load(tmp_path)


def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match="Counter"):
        save(Counter(a=1), tmp_path / "new", CARD)
    assert not (tmp_path / "new").exists()
