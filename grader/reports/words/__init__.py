"""Messages into words: an id and its parameters in, a sentence out.

Sentences stand in one catalogue a language (en.toml); nothing else in the grader holds any,
but for what an exercise says about its own misconceptions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.model import Message


@lru_cache(maxsize=8)
def catalogue(language: str = "en") -> dict[str, str]:
    """All sentences of a language by message id."""
    with Path(__file__).with_name(f"{language}.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        f"{group}.{name}": text for group, table in tables.items() for name, text in table.items()
    }


def render(message: Message, language: str = "en") -> str:
    """The sentence for `message`."""
    sentences = catalogue(language)
    if message.id.startswith("misconception.") and message.id not in sentences:
        return str(message.params["help"])
    return sentences[message.id].format_map(_Derived(message.params, language))


class _Derived(dict[str, Any]):
    """The parameters of a message, and phrases made of them."""

    def __init__(self, params: Mapping[str, Any], language: str) -> None:
        super().__init__(params)
        self.language = language

    def __missing__(self, name: str) -> Any:
        match name:
            case "At":
                where = place_in_result(self.get("at") or ())
                return f"In {where}," if where else "In the result,"
            case "want_shape" | "got_shape":
                return shape(self[name.removesuffix("_shape")])
            case "keys_list" | "candidates_list" | "names_list":
                return _list(self[name.removesuffix("_list")])
            case "found_text":
                return f" It holds {_list(self['found'][:8])}." if self["found"] else ""
            case "missing_text":
                return f"lacks {_list(self['missing'])}" if self["missing"] else ""
            case "extra_text":
                joint = " and " if self["missing"] else ""
                return f"{joint}has {_list(self['extra'])} too many" if self["extra"] else ""
            case "defined_text":
                names = self["defined"]
                return f" It defines {_list(names[:8])}." if names else ""
            case "argument_text":
                argument = self["argument"]
                if isinstance(argument, int):
                    return f"its {_ORDINALS.get(argument, f'{argument}th')} argument"
                return f"the argument {argument}" if argument else "its arguments"
            case "place":
                return self._place()
            case _:
                raise KeyError(f"no {name} in {dict(self)}")

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if name == "cause" and isinstance(value, Message):
            return render(value, self.language)
        return value

    def _place(self) -> str:
        """` (line 7 of file.py)` and the line itself, as far as they are known."""
        line = self.get("line")
        if line is None:
            return ""
        filename = self.get("filename")
        where = f"line {line}" + (f" of {filename}" if filename else "")
        if filename and str(filename).endswith(".ipynb"):
            where = f"cell {self.get('cell')}, {where}"
        text = f" ({where})"
        source = self.get("source")
        if source:
            stripped = source.lstrip()
            text += f"\n    {stripped}"
            column = self.get("column")
            if column:
                caret = max(0, int(column) - 1 - (len(source) - len(stripped)))
                text += "\n    " + " " * caret + "^"
        return text


_ORDINALS = {1: "first", 2: "second", 3: "third"}


def shape(numbers: Sequence[int]) -> str:
    """(3,) or (3, 4) as NumPy writes it; what has no dimensions is a number."""
    return str(tuple(numbers)) if numbers else "that of a single number, ()"


def place_in_result(at: Sequence[int | str]) -> str:
    """`result[0]['w1']`, or nothing for the whole result."""
    return f"result{''.join(f'[{key!r}]' for key in at)}" if at else ""


def _list(items: Sequence[Any]) -> str:
    return ", ".join(f"`{item}`" for item in items)
