"""Every example in the docstrings of scoring runs, and gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import matplotlib as mpl
import pytest

import scoring

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(scoring.__path__, prefix="scoring.")
)

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name: str) -> None:
    """Pictures are drawn without a screen; nothing else is arranged for an example."""
    mpl.use("agg")
    module = importlib.import_module(name)
    finder = doctest.DocTestFinder(exclude_empty=True)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    report: list[str] = []
    for example in finder.find(module, name):
        runner.run(example, out=report.append)
    assert runner.failures == 0, "".join(report)


def test_there_are_examples() -> None:
    """A walk that finds no module would let every example rot."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [
        example
        for name in MODULES
        for example in finder.find(importlib.import_module(name), name)
        if example.examples
    ]
    assert len(found) >= 5
