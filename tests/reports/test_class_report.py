"""The page of a class as text: what is in it, and what cannot be."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser

import pytest

from grader.records import Student
from grader.reports import class_report, class_summary
from grader.reports.class_summary import Need

from .classroom import HOSTILE, Classroom, Handed, failed
from .test_class_summary import graded

Files = dict[str, list[Handed]]


class Outline(HTMLParser):
    """What a browser would make of a page, as far as it matters here."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = [("", {})]
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if attributes.get("id"):
            self.ids.append(str(attributes["id"]))

    def handle_data(self, data: str) -> None:
        if self.tags[-1][0] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="session")
def outline(page: str) -> Outline:
    return Outline(page)


def test_500_students_fit_into_two_megabytes(page: str) -> None:
    assert len(page.encode()) < 2_000_000


def test_nothing_is_loaded_from_anywhere(outline: Outline) -> None:
    for tag, attributes in outline.tags:
        assert tag not in ("img", "link", "iframe", "object", "embed", "base", "form"), tag
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes), attributes
        assert "style" not in attributes
        address = attributes.get("href") or "#"
        assert address.startswith(("#", "students/")), address


def test_the_policy_allows_this_style_and_this_script_alone(page: str) -> None:
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    policy = policy.replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(outline: Outline, name: str) -> None:
    shown = re.sub("[\0\x1b\u202e\u202c\u2066\u2069]", lambda m: _escaped(m[0]), name)
    assert " ".join(shown.split()) in outline.text


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def test_no_control_or_bidi_character_is_left(page: str) -> None:
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]", page)


def test_names_are_spelled_as_their_owners_spell_them(outline: Outline) -> None:
    for name in ("김서연", "محمد العلي", "می\u200cخواهم", "Zoë Håkansson 👩\u200d💻"):
        assert name in outline.text


def test_ids_are_unique_and_links_lead_to_them(outline: Outline) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    inside = [a["href"] for a in outline.all("a") if str(a["href"]).startswith("#")]
    assert inside
    assert {str(href)[1:] for href in inside} <= set(outline.ids)


def test_headings_go_down_one_level_at_a_time(outline: Outline) -> None:
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_every_head_a_scope(outline: Outline) -> None:
    assert len(outline.all("caption")) == len(outline.all("table")) > 10
    assert all(th.get("scope") in ("col", "row") for th in outline.all("th"))


def test_every_chart_has_words(outline: Outline) -> None:
    charts = [svg for svg in outline.all("svg") if svg.get("role") == "img"]
    assert len(charts) == 6
    for chart in charts:
        assert set(str(chart["aria-labelledby"]).split()) <= set(outline.ids)
    others = [svg for svg in outline.all("svg") if svg.get("role") != "img"]
    assert all(svg.get("aria-hidden") == "true" for svg in others)


def test_it_needs_no_script(outline: Outline) -> None:
    """Buttons that would do nothing are made by the script."""
    assert outline.all("button") == []


def test_what_is_recognised_stands_with_its_help_and_its_topic(
    classroom: Classroom, outline: Outline
) -> None:
    of = class_summary.read(classroom.graded)
    for misconception in class_summary.misconceptions(of):
        assert misconception.id in outline.text
        pieces = " ".join(misconception.help.split())
        assert pieces in outline.text
    for topic in ("Activation functions", "Backpropagation", "Classification"):
        assert topic in outline.text


def test_every_student_is_linked_and_listed(classroom: Classroom, page: str) -> None:
    for student in classroom.students:
        assert f'href="students/{student.id}.html"' in page


def test_copies_are_shown_beside_each_other_and_not_judged(
    files: Files, classroom: Classroom
) -> None:
    document, text = files["exercise-4"][-1].document, files["exercise-4"][-1].text
    copy = text.replace("\n", "\n# mine\n", 1)
    results = [graded("one", document), graded("two", document), graded("three", document)]
    digests = [r.attempt.digest for r in results]
    page = class_report.page(
        results, about=classroom.about, sources=dict(zip(digests, (text, copy), strict=False))
    )
    shown = Outline(page)
    assert "never a verdict" in shown.text
    assert "100 % alike" in shown.text
    assert "1 was not among the files that were given" in shown.text
    assert page.count("def backward") == 2


def test_without_files_likeness_is_not_judged(files: Files) -> None:
    text = Outline(class_report.page([graded("a", files["exercise-1"][-1].document)])).text
    assert "grade report --submissions" in text
    assert "No two are near-identical" not in text


def test_anonymous_leaves_out_names_paths_and_files(small: Classroom) -> None:
    page = class_report.page(
        small.graded,
        small.students,
        about=small.about,
        sources=small.sources,
        link=lambda id_: f"students/{id_}.html",
        anonymous=True,
    )
    outline = Outline(page)
    assert "Student 40" in outline.text
    assert "students/" not in page
    for student in small.students:
        assert not re.search(rf"(?<![\w-]){re.escape(student.id)}(?![\w-])", outline.text)
    for name in ("김서연", "Håkansson", "O'Brien", "@example.org"):
        assert name not in outline.text
    assert ".py" not in outline.text
    assert "def backward" not in page


def test_every_reason_for_a_human_has_words(files: Files) -> None:
    """All kinds at once, the grader's own among them."""
    document = files["exercise-1"][-1].document
    ids = {need: id_ for id_, need in class_summary._NEEDS.items()}
    results = []
    for need in Need:
        if need in ids:
            [first, *rest] = document["checks"]
            message = {"id": "load.failed", "params": {"cause": {"id": ids[need], "params": {}}}}
            shown = {**document, "checks": [{**first, "message": message}, *rest]}
        else:
            id_ = "batch.unreadable" if need is Need.UNREADABLE else "batch.failed"
            shown = failed(document, id_)
        results.append(graded(f"student-{need}", shown))
    outline = Outline(class_report.page(results))
    for need in Need:
        assert f"student-{need}" in outline.text
        assert class_report.say(f"class.need-{need}") in outline.text
    assert "pending" in outline.text


def test_two_of_one_name_are_told_apart() -> None:
    students = [Student("k1", "Kim"), Student("k2", "Kim"), Student("lee", "Lee")]
    text = Outline(class_report.page([], students)).text
    assert "Kim (k1)" in text
    assert "Kim (k2)" in text
    assert "Lee (lee)" not in text


def test_a_class_that_has_not_begun() -> None:
    outline = Outline(class_report.page([], [Student("a", "Ann"), Student("b", "Ben")]))
    assert "Nobody has handed anything in yet." in outline.text
    assert "Ann" in outline.text


def test_one_student_one_exercise(files: Files) -> None:
    outline = Outline(class_report.page([graded("a", files["exercise-1"][3].document)]))
    assert "n = 1" in outline.text
    assert "–" in outline.text


def test_the_same_class_makes_the_same_page(small: Classroom) -> None:
    first, again = (
        class_report.page(small.graded, small.students, about=small.about, sources=small.sources)
        for _ in range(2)
    )
    made = re.compile(r"Made [^<]*? by")
    assert made.sub("", again) == made.sub("", first)
