"""A CSV file that an LMS exported: cells are read and some are set, every other byte stays.

The csv module reads cells but forgets how they were written; a file that goes back to where it
came from should differ in the marks and in nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.model import Message, UsageError

_BOM = "\ufeff"


@dataclass
class Sheet:
    """Rows of cells as they stand in the file, quotes and all."""

    name: str
    delimiter: str
    rows: list[list[str]]
    ends: list[str]
    """What ends each row: "\\r\\n", "\\n", or nothing at the end of the file."""
    start: str = ""
    """A byte order mark, where there is one."""
    header: list[str] = field(init=False)

    def __post_init__(self) -> None:
        width = len(self.rows[0]) if self.rows else 0
        self.header = [self.value(0, column).strip() for column in range(width)]

    def value(self, row: int, column: int) -> str:
        """What the cell says; nothing where the row is shorter."""
        cells = self.rows[row]
        raw = cells[column] if column < len(cells) else ""
        if not raw.startswith('"'):
            return raw
        quoted, _, rest = raw[1:].rpartition('"')
        return quoted.replace('""', '"') + rest

    def set(self, row: int, column: int, text: str) -> None:
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        if any(special in text for special in (self.delimiter, '"', "\r", "\n")):
            text = '"' + text.replace('"', '""') + '"'
        cells[column] = text

    def encode(self) -> bytes:
        lines = (
            self.delimiter.join(cells) + end
            for cells, end in zip(self.rows, self.ends, strict=True)
        )
        return (self.start + "".join(lines)).encode("utf-8", "surrogateescape")


def read(path: Path) -> Sheet:
    """The file; bytes that are not UTF-8 come through as they are. Raises UsageError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(Message("export.unreadable", {"path": str(path), "why": why})) from None
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Sheet:
    """As `read`; `name` is what a complaint calls it."""
    text = data.decode("utf-8", "surrogateescape")
    start = _BOM if text.startswith(_BOM) else ""
    text = text[len(start) :]
    # The first column has a plain name in every LMS: what follows it divides the others, too.
    first = re.match(r'"(?:[^"]+|"")*"|[^,;\r\n]*', text)
    delimiter = ";" if first and text.startswith(";", first.end()) else ","
    records = list(_records(text, delimiter, name))
    return Sheet(name, delimiter, [cells for cells, _ in records], [e for _, e in records], start)


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[list[str], str]]:
    """The cells of every row, and what ends it."""
    cell = re.compile(
        rf'(?P<raw>"(?:[^"]+|"")*"(?!")[^{delimiter}\r\n]*|(?!")[^{delimiter}\r\n]*)'
        rf"(?P<end>\r\n|\r|\n|{delimiter}|\Z)"
    )
    cells: list[str] = []
    at = 0
    while at < len(text) or cells:
        found = cell.match(text, at)
        if found is None:  # a quote that is never closed
            params = {"path": name, "line": text.count("\n", 0, at) + 1}
            raise UsageError(Message("export.broken-csv", params))
        cells.append(found["raw"])
        at = found.end()
        if found["end"] != delimiter:
            yield cells, found["end"]
            cells = []
