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
from grader.sandbox.inert import inert


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


def shown(message: Message, language: str = "en") -> str:
    """The sentence, as a terminal may show it: what strangers have written only shows."""
    return inert(render(message, language))


class _Derived(dict[str, Any]):
    """The parameters of a message, and phrases made of them."""

    def __init__(self, params: Mapping[str, Any], language: str) -> None:
        super().__init__(params)
        self.language = language

    def __missing__(self, name: str) -> Any:
        match name:
            case "At":
                where = place_in_result(self.get("at") or ())
                return (
                    self._say("in-result", where=where) if where else self._say("in-whole-result")
                )
            case "want_shape" | "got_shape" | "array_shape":
                numbers = self["shape" if name == "array_shape" else name.removesuffix("_shape")]
                return str(tuple(numbers)) if numbers else self._say("single-number")
            case "thread_text" | "block_text" | "first_text" | "second_text":
                index = self[name.removesuffix("_text")]
                return str(index[0]) if len(index) == 1 else str(tuple(index))
            case "how_text":
                return self._say(f"access-{self['how']}")
            case "path_quoted" | "name_quoted":  # in a command to be copied
                import shlex

                return shlex.quote(self[name.removesuffix("_quoted")])
            case "keys_list" | "candidates_list" | "names_list" | "columns_list" | "students_list":
                return _list(self[name.removesuffix("_list")])
            case "found_text":
                return self._say("holds", names=_list(self["found"][:8])) if self["found"] else ""
            case "folder_text":
                return self._say("this-folder") if self["folder"] in (".", "") else self["folder"]
            case "problem_text":
                return catalogue(self.language)[f"encoding.{self['problem']}"]
            case "missing_text":
                return self._say("lacks", keys=_list(self["missing"])) if self["missing"] else ""
            case "extra_text":
                joint = self._say("and") if self["missing"] else ""
                extra = self["extra"]
                return joint + self._say("extra", keys=_list(extra)) if extra else ""
            case "defined_text":
                return self._defined()
            case "mistakes_text":
                said = (render(mistake, self.language) for mistake in self["mistakes"])
                return " ".join(said)
            case "nearest_text":
                near = self["nearest"]
                return self._say("did-you-mean", name=near) if near else ""
            case "allowed_text":
                return ", ".join(["NumPy", *self.get("others", ())])
            case "checks_list":
                return _list(self["checks"])
            case "labels_text":
                shares = [self._say("label-share", label=x, percent=p) for x, p in self["labels"]]
                return ", ".join(shares)
            case "choices_text":
                *others, last = self["choices"]
                return ", ".join(others) + self._say("or") + last
            case "argument_text":
                return self._argument()
            case "error":
                return f"{self['type']}: {self['message']}" if self["message"] else self["type"]
            case "place":
                return self._place()
            case _:
                raise KeyError(f"no {name} in {dict(self)}")

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if name == "cause" and isinstance(value, Message):
            return render(value, self.language)
        return value

    def _say(self, phrase: str, **params: Any) -> str:
        return catalogue(self.language)[f"phrases.{phrase}"].format_map(params)

    def _defined(self) -> str:
        """What a file defines where a function is missing, with the likeliest name."""
        import difflib

        names = self["defined"]
        alike = difflib.get_close_matches(self["name"], names, n=1)
        if alike:
            return self._say("did-you-mean", name=alike[0])
        return self._say("defines", names=_list(names[:8])) if names else ""

    def _argument(self) -> str:
        argument = self["argument"]
        if not argument:
            return self._say("arguments")
        if not isinstance(argument, int):
            return self._say("argument-named", name=argument)
        if argument <= 3:
            return self._say(f"argument-{argument}")
        return self._say("argument-n", number=argument)

    def _place(self) -> str:
        """` (line 7 of file.py)` and the line itself, as far as they are known."""
        line = self.get("line")
        if line is None:
            return ""
        filename = self.get("filename")
        where = self._say("line", line=line)
        if filename:
            where = self._say("line-of", line=line, filename=filename)
            if str(filename).endswith(".ipynb"):
                where = self._say("cell", cell=self.get("cell"), line=where)
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


def place_in_result(at: Sequence[int | str]) -> str:
    """`result[0]['w1']`, or nothing for the whole result."""
    return f"result{''.join(f'[{key!r}]' for key in at)}" if at else ""


def _list(items: Sequence[Any]) -> str:
    return ", ".join(f"`{item}`" for item in items)
