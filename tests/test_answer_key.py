"""A key rests in the cache: whatever happens to its file, a right key comes back."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from grader import answer_key
from grader.answer_key import AnswerKey, KeyedCase, KeyedCheck, WrongAnswer
from grader.model import Tier
from grader.trees import is_leaf, leaves, map_leaves

ROOT = Path(__file__).parents[1]
BuiltKey = Callable[[str], AnswerKey]
KeyInCache = Callable[[str], Path]


def bits(value: Any) -> Any:
    """Everything in a key as plain values, arrays as their shape and bytes."""
    if is_dataclass(value):
        return [
            type(value).__name__,
            *((f.name, bits(getattr(value, f.name))) for f in fields(value)),
        ]
    if isinstance(value, dict):
        return ["dict", *((k, bits(v)) for k, v in value.items())]
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(bits, value)]
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        return ["array", array.dtype.str, array.shape, array.tobytes()]
    return value


class Builder:
    """Gives a key and counts how often it was asked to."""

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        self.count = 0

    def __call__(self) -> AnswerKey:
        self.count += 1
        return self.key


def never() -> AnswerKey:
    raise AssertionError("built, though there is a key in the cache")


def files() -> list[str]:
    folder = answer_key.cache_folder()
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


# --- small keys --------------------------------------------------------------------------------

any_floats = st.floats(width=64) | st.sampled_from([-0.0, 5e-324, np.nan, -np.inf, 2**-1022])
any_arrays = arrays_of.arrays(
    np.float64,
    arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    elements=any_floats,
)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
any_trees = st.recursive(
    any_arrays | names,
    lambda children: st.one_of(
        st.lists(children, max_size=3),
        st.lists(children, max_size=3).map(tuple),
        st.dictionaries(names | st.sampled_from(["list", "tuple", "dict"]), children, max_size=3),
    ),
    max_leaves=6,
)


def small_key(tree: Any, title: str = "σ′", request: bytes = b"\0\xff") -> AnswerKey:
    tolerances = map_leaves(lambda x: x if isinstance(x, str) else np.abs(x) + 1, tree)
    wrong = {"some-id": WrongAnswer(tree, tolerances, 0.9), "another": WrongAnswer([], [])}
    case = KeyedCase("a case", "f", "f(1)", request, tree, tolerances, tolerances, wrong)
    last = replace(case, request=request[::-1], wrong={})
    checks = (
        KeyedCheck("values", title, 2.5, Tier.VALUE, None, 0.9, (case, last)),
        KeyedCheck("precision", title, 1.0, Tier.PRECISION, "values", 1.0, (), on_gpu=True),
    )
    return AnswerKey(
        exercise="exercise-1",
        title=title,
        seed=2**32 - 1,
        packages=("numpy", "torch"),
        signatures={"f": "f(x)"},
        drivers={"drive": "def drive(f):\n    return f\n"},
        misconceptions={"some-id": "Look again.", "another": ""},
        checks=checks,
        versions={"numpy": "2"},
    )


# --- what comes back ---------------------------------------------------------------------------


def test_a_key_is_built_once(built_key: BuiltKey) -> None:
    build = Builder(built_key("exercise-1"))
    first = answer_key.get("exercise-1", 0, build)
    second = answer_key.get("exercise-1", 0, never)
    assert build.count == 1
    assert bits(first) == bits(second) == bits(build.key)


@given(any_trees, st.text(st.characters(exclude_categories=["Cs"])), st.binary(max_size=40))
@example({"dict": {"list": [()]}}, "", b"")
@example(([np.zeros((0, 3))], np.array(-0.0)), "\N{LATIN SMALL LETTER E WITH ACUTE}", b"GRD1")
def test_what_is_read_is_what_was_written_to_the_last_bit(
    tree: Any, title: str, request: bytes
) -> None:
    key = small_key(tree, title, request)
    shutil.rmtree(answer_key.cache_folder(), ignore_errors=True)
    answer_key.get("exercise-1", 0, lambda: key)
    assert bits(answer_key.get("exercise-1", 0, never)) == bits(key)


def test_the_key_of_another_seed_or_exercise_is_another_key() -> None:
    keys = {
        (exercise, seed): small_key(np.array(float(number)))
        for number, (exercise, seed) in enumerate(
            [("exercise-1", 0), ("exercise-1", 1), ("exercise-2", 0), ("exercise-2", 1)]
        )
    }
    for (exercise, seed), key in keys.items():
        answer_key.get(exercise, seed, lambda key=key: key)
    for (exercise, seed), key in keys.items():
        assert bits(answer_key.get(exercise, seed, never)) == bits(key)
    assert len(files()) == 4


def test_arrays_that_were_read_cannot_be_changed(key_in_cache: KeyInCache) -> None:
    key_in_cache("exercise-1")
    key = answer_key.get("exercise-1", 0, never)
    arrays = [
        leaf
        for check in key.checks
        for case in check.cases
        for tree in (
            (case.expected, case.exact, case.single),
            *((wrong.values, wrong.tolerances) for wrong in case.wrong.values()),
        )
        for leaf in leaves(tree)
    ]
    assert len(arrays) > 400
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_what_building_raises_is_raised_and_nothing_is_kept() -> None:
    def fails() -> AnswerKey:
        raise RuntimeError("the witnesses disagree")

    with pytest.raises(RuntimeError, match="disagree"):
        answer_key.get("exercise-1", 0, fails)
    assert files() == []


# --- damage ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def small_file() -> tuple[AnswerKey, str, bytes]:
    """A key, the name of its file, and what is in it."""
    key = small_key([np.linspace(0, 1, 5), "text"])
    answer_key.get("exercise-1", 0, lambda: key)
    [name] = files()
    return key, name, (answer_key.cache_folder() / name).read_bytes()


def damaged(damage: Callable[[Path], None]) -> None:
    """Puts a key into the cache, damages its file, and expects the right key all the same,
    and a sound file afterwards."""
    key, name, data = small_file()
    path = answer_key.cache_folder() / name
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert bits(answer_key.get("exercise-1", 0, never)) == bits(key)
    damage(path)
    assert bits(answer_key.get("exercise-1", 0, lambda: key)) == bits(key)
    if path.is_file():
        assert bits(answer_key.get("exercise-1", 0, never)) == bits(key)


@settings(max_examples=150)
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_noticed_or_without_meaning(offset: int, change: int) -> None:
    def damage(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[offset % len(data)] ^= change
        path.write_bytes(data)

    damaged(damage)


def test_a_changed_byte_at_every_place_of_the_file_s_own_tables_is_too() -> None:
    key, name, whole = small_file()
    path = answer_key.cache_folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    directory = whole.index(b"PK\x01\x02")
    assert len(whole) - directory > 100
    for offset in [*range(60), *range(directory, len(whole))]:
        data = bytearray(whole)
        data[offset] ^= 0x5A
        path.write_bytes(data)
        assert bits(answer_key.get("exercise-1", 0, lambda: key)) == bits(key)


@settings(max_examples=30)
@given(st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_short_is_built_again(share: float) -> None:
    damaged(lambda path: os.truncate(path, int(path.stat().st_size * share)))


def test_an_empty_file_is_built_again() -> None:
    damaged(lambda path: path.write_bytes(b""))


def test_a_file_with_more_at_its_end_is_as_good_or_built_again() -> None:
    damaged(lambda path: path.write_bytes(path.read_bytes() + b"\0" * 100))


def test_another_file_in_its_place_is_built_again() -> None:
    def array_file(path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, np.zeros(3))

    def archive_without_a_key(path: Path) -> None:
        with path.open("wb") as file:
            np.savez(file, something=np.zeros(3))

    def archive_with_an_empty_index(path: Path) -> None:
        index = np.frombuffer(b"{}", dtype=np.uint8)
        with path.open("wb") as file:
            np.savez(file, index=index, numbers=np.zeros(3), requests=index)

    def pickle(path: Path) -> None:
        with path.open("wb") as file:
            np.savez(file, index=np.array([object()], dtype=object), numbers=np.zeros(3))

    for other in (array_file, archive_without_a_key, pickle, archive_with_an_empty_index):
        damaged(other)


def test_a_folder_in_its_place_costs_time_and_no_key() -> None:
    def folder(path: Path) -> None:
        path.unlink()
        path.mkdir()

    damaged(folder)
    assert len(files()) == 1  # no temporary file is left behind


def test_a_broken_link_in_its_place_is_replaced() -> None:
    def link(path: Path) -> None:
        path.unlink()
        path.symlink_to(path.with_name("nowhere"))

    damaged(link)


@pytest.mark.parametrize("place", ["a file", "below a file", "kernel", "full"])
def test_a_cache_that_cannot_be_written_costs_time_and_no_key(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where the cache should be")
    folder = {"a file": taken, "below a file": taken / "cache", "kernel": Path("/proc/cache")}
    monkeypatch.setenv("GRADE_CACHE", str(folder.get(place, tmp_path / "cache")))
    build = Builder(small_key(np.zeros(10_000)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if place == "full":  # Python ignores the signal, so that writing fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        for _ in range(2):
            assert bits(answer_key.get("exercise-1", 0, build)) == bits(build.key)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert build.count == 2
    assert taken.read_text().startswith("a file")
    if place == "full":
        assert files() == []


# --- other processes ---------------------------------------------------------------------------

# Run with the repository as the working folder, so that `grader` is the one under test. The key
# to be written is read from the file named first.
_WRITER = """
import os, resource, signal, sys
from pathlib import Path
from grader import answer_key
key = answer_key._read(Path(sys.argv[1]))
def build():
    print("building", flush=True)
    sys.stdin.readline()
    return key
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER + code, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def stored(key_in_cache: KeyInCache, tmp_path: Path) -> tuple[str, AnswerKey]:
    """A key of exercise 1 in a file elsewhere, and an empty cache."""
    path = key_in_cache("exercise-1")
    key = answer_key.get("exercise-1", 0, never)
    elsewhere = shutil.move(path, tmp_path / "stored.npz")
    assert files() == []
    return str(elsewhere), key


def test_processes_that_build_at_once_all_get_the_key_and_leave_one_file(
    stored: tuple[str, AnswerKey],
) -> None:
    path, key = stored
    get = 'print(len(answer_key.get("exercise-1", 0, build).checks), flush=True)'
    writers = [start(get, path) for _ in range(3)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "building\n"
    # Now every one of them has found the cache empty.
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        out, _ = writer.communicate(timeout=60)
        assert (out, writer.returncode) == (f"{len(key.checks)}\n", 0)
    assert len(files()) == 1
    assert bits(answer_key.get("exercise-1", 0, never)) == bits(key)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_build_that_dies_while_it_writes_leaves_nothing_that_is_used(
    share: float, stored: tuple[str, AnswerKey]
) -> None:
    path, key = stored
    # The kernel kills it in the middle of writing, at the same byte every time.
    code = """
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
answer_key.get("exercise-1", 0, build)
"""
    writer = start(code, path, str(int(Path(path).stat().st_size * share)))
    writer.communicate("go\n", timeout=60)
    assert writer.returncode == -signal.SIGXFSZ
    assert not [name for name in files() if name.endswith(".npz")]
    build = Builder(key)
    assert bits(answer_key.get("exercise-1", 0, build)) == bits(key)
    assert build.count == 1
    assert bits(answer_key.get("exercise-1", 0, never)) == bits(key)


def test_a_writer_killed_at_any_moment_leaves_a_whole_file_or_none(
    stored: tuple[str, AnswerKey],
) -> None:
    path, key = stored
    code = """
build = lambda: key
while True:
    answer_key.get("exercise-1", 0, build)
    for file in answer_key.cache_folder().glob("*.npz"):
        file.unlink()
    print("again", flush=True)
"""
    for rounds in (1, 3, 4, 8):
        writer = start(code, path)
        assert writer.stdout is not None
        for _ in range(rounds):
            assert writer.stdout.readline() == "again\n"
        writer.kill()
        writer.communicate(timeout=60)
        assert writer.returncode == -signal.SIGKILL
        assert bits(answer_key.get("exercise-1", 0, lambda: key)) == bits(key)


# --- the name of a key -------------------------------------------------------------------------


def test_the_name_depends_on_the_exercise_and_the_seed() -> None:
    hashes = [
        answer_key.content_hash(exercise, seed)
        for exercise in ("exercise-1", "exercise-2")
        for seed in (0, 1, 10, 2**32 - 1)
    ]
    assert len(set(hashes)) == 8
    assert answer_key.content_hash("exercise-1", 0) == hashes[0]


# Prints the hash of exercise-1 before and after a line is added to each file.
_HASHES = """
import sys
from pathlib import Path
from grader import answer_key
assert Path(answer_key.__file__).parent == Path("grader").resolve()
print(answer_key.content_hash("exercise-1", 0))
for name in sys.argv[1:]:
    path = Path("grader", name)
    source = path.read_bytes()
    path.write_bytes(source + b"# changed\\n")
    print(answer_key.content_hash("exercise-1", 0))
    path.write_bytes(source)
"""


@pytest.fixture(scope="session")
def hashes_after_changes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "grader", copy / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    names = [str(path.relative_to(copy / "grader")) for path in (copy / "grader").rglob("*.py")]
    done = subprocess.run(
        [sys.executable, "-c", _HASHES, *names],
        cwd=copy,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(["", *names], done.stdout.split(), strict=True))


MAKES_KEYS = (
    "model.py",
    "trees.py",
    "answer_key.py",
    "build_key.py",
    "curriculum/exercise_1.py",
    "oracles/tracked.py",
    "oracles/numbers.py",
    "oracles/symbolic.py",
    "oracles/finite_difference.py",
    "oracles/torch_reference.py",
    "oracles/network.py",
    "sandbox/wire.py",
    "sandbox/tree.py",  # wire packs calls with it
)


@pytest.mark.parametrize("name", MAKES_KEYS)
def test_the_name_changes_with_everything_that_makes_a_key(
    name: str, hashes_after_changes: dict[str, str]
) -> None:
    assert hashes_after_changes[name] != hashes_after_changes[""]


@pytest.mark.parametrize(
    "name", ["curriculum/exercise_2.py", "grade.py", "cli.py", "reports/terminal.py"]
)
def test_the_name_does_not_change_with_what_makes_none(
    name: str, hashes_after_changes: dict[str, str]
) -> None:
    assert hashes_after_changes[name] == hashes_after_changes[""]


@pytest.mark.parametrize("package", ["numpy", "sympy", "mpmath", "torch"])
def test_the_name_changes_with_the_versions_of_what_builds_keys(
    package: str, tmp_path: Path
) -> None:
    (tmp_path / f"{package}-99.1+cpu.dist-info").mkdir()
    code = (
        "from grader import answer_key as a; import json;"
        "print(json.dumps([a.content_hash('exercise-1', 0), a.versions()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    hashed, versions = json.loads(done.stdout)
    assert versions == {**answer_key.versions(), package: "99.1+cpu"}
    assert hashed != answer_key.content_hash("exercise-1", 0)


def test_versions_are_those_that_are_installed() -> None:
    import importlib.metadata

    for name in ("numpy", "sympy", "mpmath", "torch"):
        assert answer_key.versions()[name] == importlib.metadata.version(name)


# --- what is not imported ----------------------------------------------------------------------

_MODULES = """
import json, sys
{code}
print("\\n" + json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
"""
HEAVY = {"sympy", "torch", "mpmath", "hypothesis"}


def modules_after(code: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _MODULES.format(code=code)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_check_on_imports_sees_imports(tmp_path: Path) -> None:
    assert "mpmath" in modules_after("import grader.build_key", tmp_path)


def test_reading_a_key_imports_no_oracle(key_in_cache: KeyInCache, tmp_path: Path) -> None:
    key_in_cache("exercise-1")
    code = "from grader.answer_key import get; assert get('exercise-1', 0, None).checks"
    assert not modules_after(code, tmp_path) & HEAVY


@pytest.mark.parametrize("words", [["exercise-1"], ["exercise-1", "--json"]], ids=" ".join)
def test_grading_with_a_warm_cache_imports_no_oracle(
    words: list[str], key_in_cache: KeyInCache, tmp_path: Path
) -> None:
    key_in_cache("exercise-1")
    shutil.copy(ROOT / "solutions" / "exercise_1.py", tmp_path)
    code = f"from grader.cli import run; assert run({words!r}) == 0"
    assert not modules_after(code, tmp_path) & HEAVY


def test_trees_of_keys_hold_arrays_and_text_only(built_key: BuiltKey) -> None:
    for check in built_key("exercise-1").checks:
        for case in check.cases:
            assert is_leaf(case.expected)
            assert case.expected.dtype == case.exact.dtype == case.single.dtype == np.float64
            assert case.expected.shape == case.exact.shape == case.single.shape
            assert np.all(case.exact > 0)
            assert np.all(case.single >= case.exact)
