"""The learner's files as they are compiled and run, and where in them something arose."""

from __future__ import annotations
import __future__

import linecache
import os
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, TracebackType
from typing import Any, NamedTuple

from . import imports
from .kernels.faults import KernelFault
from .kernels.kernel import Kernel
from .wire import Failure, File, Load

_type_name = vars(type)["__name__"].__get__  # a metaclass cannot answer in its place
_MAX_MESSAGE = 2000
_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class Place(NamedTuple):
    """The cell of a file that code was compiled from."""

    filename: str
    cell: int
    text: str


class Learner:
    """Runs a submission in this process: the main file now, a neighbour when it is imported."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.places: dict[str, Place] = {}
        """By the file name that Python shows, which tells the cells of a notebook apart."""
        self.module = type(sys)(load.module)
        self.module.__file__ = _path(load.main)
        self._futures: dict[str, int] = {}
        """What each file has imported from __future__: in a notebook it lasts for later cells."""
        self.skipped: BaseException | None = None
        """Why the script, or a cell of the notebook, did not run to its end; the first of them."""

    @property
    def namespace(self) -> dict[str, Any]:
        return self.module.__dict__

    def run(self) -> None:
        """Run the main file; raises what keeps it from defining anything.

        A line that tries something out (a plot, a test, a file that is not there) should not
        take away the functions that are defined: a notebook goes on at its next cell, as its
        writer did, and of a script what stands above that line counts.
        """
        imports.install(self.load.neighbours, self._run_neighbour, self._text_of)
        sys.modules[self.load.module] = self.module
        main = self.load.main
        if main.filename.endswith(".ipynb"):
            self.namespace["display"] = print
        for cell in range(1, len(main.cells) + 1):
            try:
                exec(self._compile(main, cell), self.namespace)
            except (Exception, SystemExit) as error:
                nothing = isinstance(error, SyntaxError) or not self.defined()
                if nothing and len(main.cells) == 1:
                    raise
                self.skipped = self.skipped or error

    def defined(self) -> tuple[str, ...]:
        """Names of the functions and classes that the file itself defines."""
        return tuple(
            name
            for name, value in [*self.namespace.items()]
            if type(name) is str
            and isinstance(value, type | FunctionType | Kernel)
            and value.__module__ == self.load.module
        )

    def failure(self, error: BaseException, traceback: TracebackType | None) -> Failure:
        """The exception as data, whatever its own methods do, short of running forever."""
        kind = str(_type_name(type(error)))[:200]
        if isinstance(error, SyntaxError) and type(error.filename) is str:
            # From compiling one of the files, it has coordinates of its own.
            place = self.places.get(error.filename)
            if place:
                where = (place.filename, _int(error.lineno), place.cell, _int(error.offset))
                return Failure(kind, str(error.msg)[:_MAX_MESSAGE], *where)
        line, place = self.line(traceback)
        if isinstance(error, KernelFault) and error.at and error.at[0] in self.places:
            # It may be told when the line that it is about has long been run.
            place, line = self.places[error.at[0]], _int(error.at[1])
        filename, cell = (place.filename, place.cell) if place else (None, 1)
        return Failure(kind, _message(error), filename, line, cell)

    def line(self, traceback: TracebackType | None) -> tuple[int | None, Place | None]:
        """Where the innermost code of the learner's was when it happened."""
        found: tuple[int | None, Place | None] = (None, None)
        while traceback:
            place = self.places.get(traceback.tb_frame.f_code.co_filename)
            if place:
                found = (traceback.tb_lineno, place)
            traceback = traceback.tb_next
        return found

    def _run_neighbour(self, name: str, namespace: dict[str, Any]) -> None:
        file = self.load.neighbours[name]
        namespace["__file__"] = _path(file)
        for cell in range(1, len(file.cells) + 1):
            exec(self._compile(file, cell), namespace)

    def _compile(self, file: File, cell: int) -> CodeType:
        text = file.cells[cell - 1]
        if file.filename.endswith(".ipynb"):
            from .notebook import clean_cell

            text = clean_cell(text)
        name = _compiled_name(file, cell)
        self.places[name] = Place(file.filename, cell, text)
        # So that tracebacks and inspect.getsource show the line, though there is no file.
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        futures = self._futures.get(file.filename, 0)
        code: CodeType = compile(text, name, "exec", flags=futures, dont_inherit=True)
        self._futures[file.filename] = code.co_flags & _FUTURES
        return code

    def _text_of(self, code: CodeType) -> str | None:
        place = self.places.get(code.co_filename)
        return place.text if place else None


def _path(file: File) -> str:
    """As of any script, absolute, in the folder that the process is in."""
    return os.path.abspath(file.filename)  # noqa: PTH100 - pathlib is not needed otherwise


def _compiled_name(file: File, cell: int) -> str:
    if file.filename.endswith(".ipynb"):
        return f"{file.filename}, cell {cell}"
    return file.filename


def texts(load: Load) -> Iterator[str]:
    yield from load.main.cells
    for file in load.neighbours.values():
        yield from file.cells


def _message(error: BaseException) -> str:
    try:
        return str(error)[:_MAX_MESSAGE]
    except Exception:
        return "(its message could not be shown)"


def _int(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 10**9 else None
