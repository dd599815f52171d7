"""Ways to have exercises graded elsewhere: an exercise in, what Gradescope or GitHub runs out."""

from __future__ import annotations

import io
import shlex
import zipfile
from collections.abc import Sequence
from pathlib import Path
from string import Template

_HERE = Path(__file__).parent


def gradescope(exercise: str, install: str) -> bytes:
    """The zip that Gradescope takes for the autograder of an assignment; the same every time.

    `install` is what pip installs the grader from; a wheel that is a file here goes along.
    """
    wheel = Path(install) if install.endswith(".whl") and Path(install).is_file() else None
    source = f"/autograder/source/{wheel.name}" if wheel else install
    names = {"exercise": exercise, "install": shlex.quote(source)}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("setup.sh", "run_autograder"):
            _add(archive, name, _filled(name, **names).encode(), 0o755)
        if wheel:
            _add(archive, wheel.name, wheel.read_bytes(), 0o644)
    return data.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, mode: int) -> None:
    """Without the time of day."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # Unix, whose permissions these are
    info.external_attr = mode << 16
    archive.writestr(info, data)


def github(exercises: Sequence[str], install: str) -> bytes:
    """A workflow for `.github/workflows`: a step for every exercise."""
    step = Template((_HERE / "step.yml").read_text(encoding="utf-8"))
    steps = "".join(step.substitute(exercise=exercise) for exercise in exercises)
    return _filled("grade.yml", install=shlex.quote(install), steps=steps).encode()


def _filled(name: str, **values: str) -> str:
    return Template((_HERE / name).read_text(encoding="utf-8")).substitute(values)
