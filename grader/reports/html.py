"""What the HTML reports share: templates and data in, a page that needs nothing else out.

A page holds its own style and script and may load nothing (Content-Security-Policy). All that
is printed into it is escaped (autoescape) and inert: that is not left to the templates.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.reports.terminal import VISIBLE, number
from grader.reports.words import catalogue, place_in_result
from grader.sandbox.inert import inert

_JOINERS = re.compile("([\u200c\u200d])")
"""Persian words and composed emoji are spelled with them, and they move nothing about."""
_LIMIT = 20_000


@lru_cache(maxsize=8)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.reports"),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _asset("style.css"), _asset("script.js")
    environment.globals.update(
        say=lambda id_, **params: say(id_, language, **params),
        language=language,
        style=Markup(style),
        script=Markup(script),
        policy="; ".join(
            (
                "default-src 'none'",
                f"style-src '{_hash(style)}'",
                f"script-src '{_hash(script)}'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
    )
    environment.filters.update(
        percent=percent,
        points=points,
        moment=moment,
        duration=lambda taken: duration(taken, language),
        value=value,
        place=place_in_result,
        paragraphs=paragraphs,
        visible=visible,
    )
    return environment


def render(template: str, language: str, **data: Any) -> str:
    """The page that `template` makes of `data`."""
    page = _environment(language).get_template(template).render(data)
    return re.sub(r"\n[ \n]*\n", "\n", page)


def _finalize(item: Any) -> Any:
    """What every printed expression goes through; Markup comes from the templates alone."""
    return plain(item) if isinstance(item, str) and not isinstance(item, Markup) else item


def plain(text: str) -> str:
    """Inert, and still spelled as its writer spells it."""
    text = text if len(text) <= _LIMIT else text[:_LIMIT] + "…"
    if text.isprintable():
        return text
    parts = _JOINERS.split(text)
    return "".join(part if _JOINERS.fullmatch(part) else inert(part, _LIMIT) for part in parts)


def _asset(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# --- how things are said ------------------------------------------------------------------------


def say(id_: str, language: str = "en", **params: Any) -> str:
    """A sentence of the catalogue; with n = 1, the one for a single thing where there is one."""
    words = catalogue(language)
    single = words.get(f"{id_}-one") if params.get("n") == 1 else None
    return (single or words[id_]).format_map(params)


def percent(share: float | None) -> str:
    """Whole percents. What is not quite all or nothing is never rounded to it."""
    if share is None:
        return "–"
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return "> 99 %"
    if whole == 0 and share > 0:
        return "< 1 %"
    return f"{whole} %"


def points(x: float) -> str:
    return f"{round(x, 2):g}"


def moment(at: datetime | None) -> str:
    """Minutes are enough, and the zone belongs to it."""
    return "–" if at is None else at.strftime("%Y-%m-%d %H:%M %Z").strip()


def duration(taken: timedelta | None, language: str = "en") -> str:
    if taken is None:
        return "–"
    minutes = round(taken.total_seconds() / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return say("html.days", language, days=days, hours=hours)
    if hours:
        return say("html.hours", language, hours=hours, minutes=minutes)
    return say("html.minutes", language, minutes=minutes) if taken else "0"


def value(x: Any) -> str:
    """A number of the result document, where "nan", "inf" and "-inf" are numbers too."""
    if isinstance(x, str) or x is None:
        return str(x)
    return number(x) if isinstance(x, float) and math.isfinite(x) else repr(x)


def visible(tolerance: Any) -> str | None:
    """A tolerance that is more than rounding (at a kink, say) belongs to what is expected."""
    more = isinstance(tolerance, float) and tolerance > VISIBLE
    return f"{tolerance:.2g}" if more else None


def paragraphs(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Feedback as ("code", [...]) for lines of the learner's file and ("text", [...]) for the
    rest, in pieces ("code" | "text", words): what stands in backticks is code too."""
    code: list[str] = []
    for line in text.split("\n"):
        if line.startswith("    "):
            code.append(line[4:])
            continue
        if code:
            yield "code", [("code", "\n".join(code))]
            code = []
        yield "text", _pieces(line)
    if code:
        yield "code", [("code", "\n".join(code))]


def _pieces(line: str) -> list[tuple[str, str]]:
    parts = re.split(r"`([^`]+)`", line)
    return [("code" if n % 2 else "text", part) for n, part in enumerate(parts) if part]
