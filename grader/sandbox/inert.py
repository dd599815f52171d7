"""Text of a learner's in, text that only shows out: no control, format or surrogate characters."""

from __future__ import annotations

import unicodedata

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
