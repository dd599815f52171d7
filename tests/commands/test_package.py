"""`grade package`: what Gradescope and GitHub would run is run."""

import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SOLUTION = (ROOT / "solutions" / "exercise_1.py").read_text(encoding="utf-8")
ADDRESS = "grade @ git+https://example.org/grade.git"

pytestmark = [
    pytest.mark.usefixtures("shared_cache"),
    pytest.mark.skipif(sys.platform == "win32", reason="both run on Linux"),
]
Package = Callable[..., tuple[int, str, str]]


@pytest.fixture
def package(grade: Package) -> Package:
    return lambda *words: grade("package", *words)


def installed(folder: Path) -> None:
    """This grader where setup.sh puts one."""
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    (folder / "grade").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m grader "$@"\n')
    (folder / "grade").chmod(0o755)


@pytest.fixture
def autograder(package: Package, tmp_path: Path) -> Path:
    """/autograder as Gradescope lays it out."""
    assert package("gradescope", "exercise-1", "--install", ADDRESS) == (0, "", "")
    root = tmp_path / "autograder"
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(root / "source")
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    (root / "submission").mkdir()
    (root / "keys").symlink_to(os.environ["GRADE_CACHE"])
    Path(os.environ["GRADE_CACHE"]).mkdir(parents=True, exist_ok=True)
    installed(root / "venv" / "bin")
    return root


def run_autograder(root: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AUTOGRADER": str(root)}
    command = [root / "run_autograder"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)


def test_a_submission_gets_its_points(autograder: Path) -> None:
    (autograder / "submission" / "exercise_1.py").write_text(SOLUTION, encoding="utf-8")
    run = run_autograder(autograder)
    assert (run.returncode, run.stderr) == (0, "")
    results = json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))
    assert results["score"] == 10.0
    wrong = SOLUTION.replace("def sigmoid_derivative", "def other")
    (autograder / "submission" / "exercise_1.py").write_text(wrong, encoding="utf-8")
    assert run_autograder(autograder).returncode == 0
    results = json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))
    assert 0 < results["score"] < 10


def test_nothing_that_can_be_graded_is_told_and_worth_nothing(autograder: Path) -> None:
    (autograder / "submission" / 'essay "1".txt').write_text("x")
    assert run_autograder(autograder).returncode == 0
    results = json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))
    assert results["score"] == 0
    assert results["output"].startswith("grade: There is no `exercise_1.py`")


def test_a_fault_of_the_grader_gives_nobody_points(autograder: Path) -> None:
    (autograder / "venv" / "bin" / "grade").write_text("#!/bin/sh\nexit 3\n")
    (autograder / "results").mkdir()
    (autograder / "results" / "results.json").write_text('{"score": 10}')
    assert run_autograder(autograder).returncode == 3
    assert not (autograder / "results" / "results.json").exists()


def test_the_zip_holds_what_gradescope_asks_for(package: Package, tmp_path: Path) -> None:
    wheel = tmp_path / "my wheels" / "grade-0.1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"a wheel")
    words = ("gradescope", "exercise_1", "--install", str(wheel), "--out")
    assert package(*words, "one.zip")[0] == package(*words, "two.zip")[0] == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == ["setup.sh", "run_autograder", wheel.name]
        modes = [stat.filemode(info.external_attr >> 16)[1:] for info in archive.infolist()]
        assert modes == ["rwxr-xr-x", "rwxr-xr-x", "rw-r--r--"]
        setup = archive.read("setup.sh").decode()
    assert f"$pip /autograder/source/{wheel.name}\n" in setup
    for script in ("setup.sh", "run_autograder"):
        with zipfile.ZipFile(tmp_path / "one.zip") as archive:
            subprocess.run(["bash", "-n"], input=archive.read(script), check=True)


def test_an_address_is_one_word_for_the_shell(package: Package) -> None:
    package("gradescope", "exercise-1", "--install", "x; echo $(id) 'y'")
    with zipfile.ZipFile("autograder.zip") as archive:
        line = archive.read("setup.sh").decode().split("$pip ")[-1].split("\n")[0]
    shown = subprocess.run(["bash", "-c", f"printf %s {line}"], capture_output=True, text=True)
    assert shown.stdout == "x; echo $(id) 'y'"


def test_the_steps_of_the_workflow_grade(package: Package, tmp_path: Path) -> None:
    status, out, _ = package("github", "exercise-1", "exercise-2", "--install", ADDRESS)
    assert status == 0
    [job] = yaml.safe_load(out)["jobs"].values()
    steps = {step["name"]: step for step in job["steps"] if "name" in step}
    assert list(steps) == ["Install", "exercise-1", "exercise-2", "Keep the results"]
    assert f"pip install '{ADDRESS}'\n" in steps["Install"]["run"]
    installed(tmp_path / "bin")
    (tmp_path / "exercise_1.py").write_text(SOLUTION, encoding="utf-8")
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    for name, status in (("exercise-1", 0), ("exercise-2", 2)):
        run = subprocess.run(
            ["bash", "-e", "-c", steps[name]["run"]],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert run.returncode == status, run.stderr
    assert [p.name for p in (tmp_path / "results").iterdir()] == ["exercise-1.xml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("moodle", "exercise-1", "--install", "x"), "`gradescope`, `github`"),
        (("github", "exercise-99", "--install", "x"), "exercise-9"),
        (("gradescope", "exercise-1", "exercise-2", "--install", "x"), "one exercise"),
        (("gradescope", "exercise-1", "--install", "no.whl"), "no.whl"),
        (("github", "exercise-1", "--install", "a\nb"), "--install"),
        (("github", "exercise-1", "--install", "-r x"), "--install"),
        (("github", "exercise-1"), "--install"),
    ],
)
def test_what_does_not_work_is_one_line(
    package: Package, words: tuple[str, ...], said: str
) -> None:
    status, out, err = package(*words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err
