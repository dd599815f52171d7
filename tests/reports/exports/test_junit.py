"""JUnit XML by the rules of junit-10.xsd, the schema of Jenkins's xUnit plug-in."""

import io
import re
import xml.etree.ElementTree as ElementTree

from grader.records import Graded, Student
from grader.reports.exports import junit

from .conftest import NAMES, graded, made

# Attributes of each element: those that it must have, those that it may have.
ATTRIBUTES = {
    "testsuites": ("", "name time tests failures errors"),
    "testsuite": (
        "name tests failures errors",
        "group time skipped timestamp hostname id package file log url",
    ),
    "testcase": ("name", "time classname group"),
    "properties": ("", ""),
    "property": ("name value", ""),
    "failure": ("", "type message"),
    "error": ("", "type message"),
    "skipped": ("", "type message"),
}
CHILDREN = {
    "testsuites": "testsuite",
    "testsuite": "testsuite properties testcase system-out system-err",
    "testcase": "skipped error failure system-out system-err",
    "properties": "property",
}
TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?")


def written(*results: Graded) -> ElementTree.Element:
    file = io.BytesIO()
    junit.write(results, file)
    root = ElementTree.fromstring(file.getvalue())
    assert root.tag == "testsuites"
    check(root)
    return root


def check(element: ElementTree.Element) -> None:
    must, may = (set(names.split()) for names in ATTRIBUTES[element.tag])
    assert must <= set(element.attrib) <= must | may, (element.tag, element.attrib)
    if element.tag != "testcase" and "time" in element.attrib:
        assert TIME.fullmatch(element.attrib["time"]), element.attrib
    for child in element:
        assert child.tag in CHILDREN.get(element.tag, "").split()
        check(child)
    if element.tag == "testsuite":
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[name]) == len(list(element.iter(tag)))
        assert int(element.attrib["tests"]) == len(element.findall("testcase"))


def test_a_class_with_names_of_every_kind(hostile: list[Graded]) -> None:
    root = written(*hostile)
    suites = root.findall("testsuite")
    assert [suite.attrib["name"] for suite in suites] == [
        f"exercise-1 s{n:02}" for n in range(len(NAMES))
    ]
    assert all(suite.attrib["tests"] == "2" for suite in suites)
    assert all(suite.attrib["failures"] == "1" for suite in suites)
    properties = {p.attrib["name"]: p.attrib["value"] for p in suites[7].iter("property")}
    expected = {"score": "8.5", "max_score": "10", "seed": "0", "student": "홍길동"}
    assert properties == expected


def test_the_reason_stands_in_the_failure() -> None:
    [failure] = written(graded("a", made((1.5, 6.0), said="a < b & ]]> \x00"))).iter("failure")
    assert failure.attrib["type"] == "derivative-of-output"
    assert failure.attrib["message"] == "ValueError: a < b & ]]> \\x00"
    assert (failure.text or "").startswith("1.5 / 4\nValueError: a < b & ]]> \\x00")
    assert "expected 0.25\ngot 0.5" in (failure.text or "")


def test_skipped_is_skipped_and_the_graders_fault_an_error() -> None:
    root = written(
        graded("a", made((0.0, 6.0), skipped=True)),
        graded("b", made((0.0, 0.0), status="error")),
    )
    assert len(list(root.iter("skipped"))) == 1
    assert len(list(root.iter("error"))) == 2
    counts = [[s.attrib[n] for n in ("failures", "errors", "skipped")] for s in root]
    assert counts == [["0", "0", "1"], ["0", "2", "0"]]


def test_one_result_of_nobody_in_full() -> None:
    file = io.BytesIO()
    junit.write([graded(Student(""), submitted=None)], file)
    assert file.getvalue().decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<testsuites name="grade">\n'
        '<testsuite name="exercise-1" tests="2" errors="0" failures="0" skipped="0" time="0.123">'
        '<testcase name="σ′(x): part 1" classname="exercise-1" />'
        '<testcase name="σ′(x): part 2" classname="exercise-1" />'
        '<properties><property name="score" value="10" /><property name="max_score" value="10" />'
        '<property name="seed" value="0" /></properties>'
        "</testsuite>\n"
        "</testsuites>\n"
    )
