"""A file of rows, whatever program wrote it: its encoding, its delimiter, its lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from gateway.domain.errors import ShopbellError

MAX_OCTETS: Final = 512 * 1024 * 1024
"""Of a file; some two million rows. A larger one is another thing than a list of consents."""

_DELIMITERS: Final = ",;\t|"
_STATED: Final = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
"""The first line of a file that Excel wrote for itself."""
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class SheetError(ShopbellError):
    """The file cannot be read as a table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A file as it was understood."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    text: str
    above: int = 1
    """Rows above the first of data: the header, and what Excel says of the delimiter."""

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield each row behind the header, with the line on which it ends; lines count from 1.

        Raises:
            SheetError: a row cannot be read; the file is damaged or has another form.
        """
        yield from islice(_lines(self.text, self.delimiter), self.above, None)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield reader.line_num, cells
    except csv.Error as error:
        raise SheetError(f"line {reader.line_num}: {error}") from None


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file with a header: UTF-8, UTF-16 or Windows-1252; ``,`` ``;`` tab or ``|``.

    Raises:
        SheetError: it is no such file.
        OSError: it cannot be read.
    """
    if path.stat().st_size > MAX_OCTETS:
        raise SheetError(f"{path} has more than {MAX_OCTETS:,} octets; split it")
    encoding, text = _decode(path.read_bytes(), path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise SheetError(f"{path} is empty; right: a header and a row for each consent")
    stated = _STATED.fullmatch(first.strip("\r\n "))
    delimiter = stated[1] if stated else max(_DELIMITERS, key=first.count)
    above = 2 if stated else 1
    _, header = next(islice(_lines(text, delimiter), above - 1, None), (0, ()))
    return Sheet(
        encoding=encoding,
        delimiter=delimiter,
        header=tuple(cell.strip() for cell in header),
        text=text,
        above=above,
    )


def _decode(octets: bytes, path: Path) -> tuple[str, str]:
    marked = next((name for mark, name in _MARKS.items() if octets.startswith(mark)), "utf-8")
    try:
        return marked, _plain(octets.decode(marked), path)
    except UnicodeDecodeError:
        # What spreadsheets in western Europe write; its few gaps tell it from what is no text.
        try:
            return "cp1252", _plain(octets.decode("cp1252"), path)
        except UnicodeDecodeError:
            pass
    raise SheetError(f"{path} is no text; right: a CSV file in UTF-8")


def _plain(text: str, path: Path) -> str:
    if "\0" in text:
        raise SheetError(f"{path} is no text; right: a CSV file in UTF-8, not a workbook")
    return text
