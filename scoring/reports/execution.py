"""A notebook run from its first cell to its last, in a kernel of this very Python.

Responsible for parameters and for how a run ends. What a page looks like is another matter.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from traitlets.config import Config

from scoring.errors import ScoringError

PARAMETERS: Final = "parameters"
"""The tag of the cell whose names are given other values."""
SECONDS: Final = 600
"""For one cell; a training on a large lake takes minutes."""

Tell = Callable[[int, int], None]
"""Takes how many code cells are done, and how many there are."""


class _Here(AsyncKernelManager):
    """Starts this Python and no other, whatever kernels the machine has."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(**get_kernel_dict())


class NotebookFailedError(ScoringError):
    """A cell of a notebook ended with an error."""


def notebooks_folder() -> Path:
    """Return where the notebooks are: beside the packages, in a checkout as when installed.

    Raises
    ------
    ScoringError
        They are not there.
    """
    here = Path(__file__).resolve().parents[1]
    for folder in (here.parent / "notebooks", here / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise ScoringError(f"there are no notebooks in {here.parent / 'notebooks'}")


def execute(
    notebook: Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    tell: Tell | None = None,
) -> NotebookNode:
    """Run a notebook and return it with its outputs; the file stays as it is.

    Parameters
    ----------
    notebook : Path
    parameters : mapping of str to object, optional
        New values of names of its cell tagged ``parameters``.
    environ : mapping of str to str, optional
        Of the kernel, beside what this process has.
    tell : callable, optional
        Is told of each code cell that is done.

    Raises
    ------
    NotebookFailedError
        A cell failed; its last words are told.
    ScoringError
        There is no such notebook, or it has no such parameter.
    """
    try:
        node = nbformat.read(notebook, as_version=4)
    except FileNotFoundError as error:
        raise ScoringError(f"there is no notebook {notebook}") from error
    _set(node, parameters or {}, notebook.name)
    with tempfile.TemporaryDirectory(prefix="shopbell-") as place:
        client = _client(node, place, tell)
        try:
            client.execute(env=_environment(environ or {}))
        except CellExecutionError as error:
            raise NotebookFailedError(_last_words(error)) from error
    return node


def _client(node: NotebookNode, place: str, tell: Tell | None) -> NotebookClient:
    count = sum(cell.cell_type == "code" for cell in node.cells)
    done = 0

    def after(**_: Any) -> None:
        nonlocal done
        done += 1
        if tell is not None:
            tell(done, count)

    return NotebookClient(
        node,
        kernel_manager_class=_Here,
        # Sockets in the file system: nobody else on the machine can listen or speak.
        config=Config({"KernelManager": {"transport": "ipc", "ip": f"{place}/kernel"}}),
        timeout=SECONDS,
        resources={"metadata": {"path": place}},
        on_cell_executed=after,
    )


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **more}


def _set(node: NotebookNode, parameters: Mapping[str, Any], name: str) -> None:
    """Write the values into the tagged cell, each in the line that sets its name."""
    cells = [cell for cell in node.cells if PARAMETERS in cell.metadata.get("tags", ())]
    lines = {} if not cells else {line.split(" =")[0]: line for line in _lines(cells[0])}
    for key, value in parameters.items():
        if key not in lines:
            known = ", ".join(lines) or "none"
            raise ScoringError(f"{name} has no parameter {key}; there are: {known}")
        lines[key] = f"{key} = {value!r}"
    if cells:
        cells[0].source = "\n".join(lines.values())


def _lines(cell: NotebookNode) -> list[str]:
    return [line for line in cell.source.splitlines() if " = " in line]


def _last_words(error: CellExecutionError) -> str:
    if error.ename == "NothingToShowError":
        return error.evalue
    return f"{error.ename}: {error.evalue}"
