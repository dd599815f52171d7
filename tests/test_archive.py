"""Archives: what is in them comes out, in memory; what could do harm is refused by its name."""

from __future__ import annotations

import gzip
import io
import tarfile
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import archive
from grader.archive import read
from grader.model import UsageError
from grader.reports.words import render
from grader.submission import NOTEBOOK_BYTES, SCRIPT_BYTES, read_unpacked


def zipped(*entries: tuple[str, bytes] | tuple[str, bytes, int], method: int = 8) -> bytes:
    """`(name, content)`, or with the mode of a link, say."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content, *mode in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = mode[0] << 16 if mode else 0
            file.writestr(info, content)
    return buffer.getvalue()


def tarred(*entries: tuple[str, bytes] | tuple[str, bytes, bytes]) -> bytes:
    """`(name, content)`, or with a type of the tar format."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        for name, content, *kind in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if kind:
                info.type, info.linkname = kind[0], "/etc/passwd"
            file.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def refusal(data: bytes, name: str = "hw.zip") -> str:
    with pytest.raises(UsageError) as error:
        read(data, name)
    said = render(error.value.message)
    assert said.isprintable() and "hw" in said
    return error.value.message.id.removeprefix("archive.")


FILES = {
    "kim/exercise_1.py": b"x = 1\n",
    "kim/data/a.csv": b"1,2\n",
    "김철수/exercise_2.ipynb": b"{}",
}


def test_a_zip_is_read() -> None:
    assert read(zipped(("kim/", b""), *FILES.items()), "hw.ZIP") == FILES


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tgz"])
def test_a_tar_is_read(suffix: str) -> None:
    data = tarred(("./", b"", tarfile.DIRTYPE), ("kim", b"", tarfile.DIRTYPE), *FILES.items())
    assert read(data if suffix == ".tar" else gzip.compress(data), "hw" + suffix) == FILES


def test_an_archive_of_archives_is_a_class() -> None:
    data = zipped(
        ("kim.zip", zipped(*FILES.items())), ("lee.tgz", gzip.compress(tarred(("a.py", b"1"))))
    )
    assert read(data, "class.zip") == {f"kim.zip/{n}": c for n, c in FILES.items()} | {
        "lee.tgz/a.py": b"1"
    }


def test_an_archive_in_an_archive_in_an_archive_is_refused_by_name() -> None:
    inner = zipped(("c.zip", zipped(("a.py", b""))))
    assert refusal(zipped(("b.zip", inner))) == "nested"


@pytest.mark.parametrize(
    "name",
    ["../a.py", "a/../../b", "/etc/passwd", "a//b.py", "./a.py/.", "..\\a.py", "C:/a.py", "a\n.py",
     "a\x1b[2J.py", "a\u202e.py", "x" * 300, "/".join("abcdefghijklmnopqrst"), "a|b", "a\u0000b"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    if "\0" not in name:
        assert refusal(zipped((name, b"x"))) == "path"
    if not name.startswith("./") and "\0" not in name:
        assert refusal(tarred((name, b"x")), "hw.tar") == "path"


def test_a_nul_in_a_name_is_seen() -> None:
    data = zipped(("aXb.py", b"x")).replace(b"aXb.py", b"a\0b.py")
    assert refusal(data) == "path"


@pytest.mark.parametrize(
    "name", ["con", "NUL.py", "a/com1.txt", "lpt9", "a. ", "a.", "b /c.py", "COM¹.py"]
)
def test_reserved_names_are_refused(name: str) -> None:
    assert refusal(zipped((name, b"x"))) == "reserved"


@pytest.mark.parametrize(
    "names",
    [("A.py", "a.py"), ("a.py", "a.py"), ("k\u00e9.py", "ke\u0301.py"), ("a", "a/b.py"),
     ("a/b.py", "A"),
     ("straße.py", "STRASSE.py"), ("ﬁ.py", "fi.py")],
)  # fmt: skip
def test_names_that_collide_are_refused(names: tuple[str, str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's own
        assert refusal(zipped(*((name, b"x") for name in names))) == "collision"
    assert refusal(tarred(*((name, b"x") for name in names)), "hw.tar") == "collision"


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o020644, 0o060644, 0o140644])
def test_a_zip_holds_files_only(mode: int) -> None:
    assert refusal(zipped(("a.py", b"/etc/shadow", mode))) == "not-a-file"


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE,
     tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE],
)  # fmt: skip
def test_a_tar_holds_files_only(kind: bytes) -> None:
    assert refusal(tarred(("a.py", b"", kind)), "hw.tar") in ("not-a-file", "unreadable")


def test_an_encrypted_entry_is_named() -> None:
    data = bytearray(zipped(("a.py", b"x")))
    data[data.index(b"PK\1\2") + 8] |= 1
    data[6] |= 1
    assert refusal(bytes(data)) == "encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(method: int) -> None:
    assert refusal(zipped(("a.py", b"x" * 99), method=method)) == "unreadable"


def test_a_bomb_is_measured_by_what_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(("a.py", bytes(archive.ENTRY_BYTES + 1)))
    assert len(bomb) < 20_000 and refusal(bomb) == "too-large"
    lying = bytearray(zipped(("a.py", bytes(1000))))
    at = lying.index(b"PK\1\2") + 24  # the size in the table
    lying[at : at + 4] = (5).to_bytes(4, "little")
    assert refusal(bytes(lying)) == "unreadable"
    monkeypatch.setattr(archive, "ENTRY_BYTES", 50_000)
    many = [(f"{n}.py", bytes(40_000)) for n in range(3)]
    reading = archive._Reading("hw.zip", {}, 0, 100_000)
    with pytest.raises(UsageError):
        reading.take(zipped(*many), "hw.zip", "", 1)


def test_a_gzip_bomb_is_measured_by_what_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ENTRIES", 10)
    reading = archive._Reading("hw.tgz", {}, 0, 100_000)
    with pytest.raises(UsageError) as error:
        reading.take(gzip.compress(bytes(1 << 20)), "hw.tgz", "", 1)
    assert error.value.message.id == "archive.too-large"


def test_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ENTRIES", 20)
    assert refusal(zipped(*((f"{n}.py", b"") for n in range(21)))) == "too-many"
    assert refusal(tarred(*((f"{n}.py", b"") for n in range(21))), "hw.tar") == "too-many"
    assert refusal(b"PK\1\2" * 100) == "too-many"
    # Those of inner archives count as well.
    inner = zipped(*((f"{n}.py", b"") for n in range(15)))
    assert refusal(zipped(("a.zip", inner), ("b.zip", inner))) == "too-many"


def test_a_negative_size_is_no_endless_loop() -> None:
    data = bytearray(tarred(("a.py", b"x" * 600), ("b.py", b"x")))
    data[124:136] = b"\xff" * 4 + (-1024).to_bytes(8, "big", signed=True)
    data[148:156] = b"%06o\0 " % sum(data[:148] + b" " * 8 + data[156:512])
    assert refusal(bytes(data), "hw.tar") in ("unreadable", "not-a-file")


@pytest.mark.parametrize("name", ["hw.rar", "hw.7z", "hw.tar.xz", "hw", "hw.py"])
def test_other_formats_are_not_read(name: str) -> None:
    assert refusal(b"x", name) == "kind"


@pytest.mark.parametrize("name", ["hw.zip", "hw.tar", "hw.tgz"])
@pytest.mark.parametrize(
    "data", [b"", b"PK\3\4" + bytes(range(200)), b"\x1f\x8b\x08" + bytes(50), b"x\x9c\xfa" * 700]
)
def test_what_is_no_archive_is_refused(name: str, data: bytes) -> None:
    try:
        assert read(data, name) == {}  # an empty tar is a tar
    except UsageError as error:
        assert error.message.id == "archive.unreadable"


@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans(), st.integers(0, 3000))
def test_damaged_archives_are_read_or_refused(at: int, value: int, zip_: bool, cut: int) -> None:
    data = bytearray(zipped(*FILES.items()) if zip_ else tarred(*FILES.items()))
    data[at % len(data)] = value
    data = data[: max(1, len(data) - cut % len(data))] if cut % 3 == 0 else data
    try:
        files = read(bytes(data), "hw.zip" if zip_ else "hw.tar")
    except UsageError:
        return
    assert all(".." not in name.split("/") and not name.startswith("/") for name in files)


# --- as a submission -----------------------------------------------------------------------


def test_an_archive_becomes_a_submission() -> None:
    files = {"kim/exercise_2.py": b"from exercise_1 import f\n", "kim/exercise_1.py": b"f = 1\n"}
    found = read_unpacked(
        read(zipped(*files.items()), "kim.zip"), "kim/exercise_2.py", "exercise-2"
    )
    assert found.main.cells == ("from exercise_1 import f\n",)
    assert found.neighbours["exercise_1"].cells == ("f = 1\n",)


@pytest.mark.parametrize(
    ("name", "data", "id"),
    [
        ("exercise_1.py", b"x" * (SCRIPT_BYTES + 1), "too-large"),
        ("exercise_1.ipynb", b" " * (NOTEBOOK_BYTES + 1), "too-large"),
        ("exercise_1.py", b"\xff\xfe", "encoding"),
        ("exercise_1.py", b"xyz = 1\0", "nul"),
        ("exercise_1.txt", b"x", "suffix"),
        ("other.py", b"x", "missing-file"),
    ],
)
def test_unpacked_files_are_read_as_carefully(name: str, data: bytes, id: str) -> None:
    main = "exercise_1.py" if name == "other.py" else name
    with pytest.raises(UsageError) as error:
        read_unpacked({name: data}, main, "exercise-1")
    assert error.value.message.id == f"submission.{id}"
