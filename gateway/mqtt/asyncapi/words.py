"""What is said of the fields of a model: the text below each in the source.

pydantic can keep these texts with the models (``use_attribute_docstrings``), by reading the source
of every model at every start of the gateway, where nobody asks for them.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent

from pydantic import BaseModel


def words_of(model: type[BaseModel]) -> dict[str, str]:
    """Return what is said of each field of a model, by the key that stands for it in a payload."""
    return {
        model.model_fields[name].alias or name: words
        for kind in reversed(model.__mro__)
        if issubclass(kind, BaseModel) and kind is not BaseModel
        for name, words in _said(kind)
        if name in model.model_fields
    }


def _said(kind: type[BaseModel]) -> Iterator[tuple[str, str]]:
    written = ast.parse(dedent(inspect.getsource(kind))).body[0]
    assert isinstance(written, ast.ClassDef)  # noqa: S101 -- the source of a class is one
    for field, text in pairwise(written.body):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(words))),
            ):
                yield name, inspect.cleandoc(words)
