"""Text of a learner's in, text that only shows out: no control, format or surrogate characters.

HTML is escaped where it is written (html.escape), JSON by its encoder.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.IGNORECASE)
CUT = "… (cut)"


def inert(text: str, limit: int = 10_000) -> str:
    """At most `limit` characters; what would move a cursor or reorder a line is an escape."""
    shown = text if len(text) <= limit else text[:limit] + CUT
    if shown.isprintable():
        return shown
    return "".join(map(_shown, shown))


def _shown(character: str) -> str:
    if character in "\n\t " or unicodedata.category(character)[0] not in "CZ":
        return character
    if unicodedata.category(character) == "Zs":  # wide and no-break spaces
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def csv_cell(text: str) -> str:
    """For a cell of a table: what a spreadsheet would run as a formula has a quote before it."""
    shown = inert(text)
    formula = shown.lstrip(" \t\n\\").startswith(
        ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
    )
    return f"'{shown}" if formula and not _NUMBER.fullmatch(shown) else shown
