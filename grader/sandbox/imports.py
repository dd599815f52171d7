"""What the import statements of a learner find: the allowed packages and their neighbours.

Other well-known packages are stood in for: importing torch does no harm until something of it
is used. Everything else is not there, and says so in Python's own words.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_loader
from types import CodeType, FrameType, ModuleType
from typing import Any

# fmt: off
WELL_KNOWN = frozenset({
    # They differentiate for you.
    "torch", "torchvision", "torchaudio", "functorch", "torchtext", "lightning",
    "pytorch_lightning", "sympy", "mpmath", "jax", "jaxlib", "flax", "optax", "haiku", "equinox",
    "autograd", "tensorflow", "keras", "theano", "aesara", "pytensor", "mxnet", "paddle",
    "chainer", "cupy", "tinygrad", "micrograd", "casadi", "algopy", "numdifftools",
    # A file for a course may import them besides.
    "scipy", "pandas", "matplotlib", "pylab", "seaborn", "plotly", "bokeh", "altair", "sklearn",
    "skimage", "xgboost", "statsmodels", "numba", "numexpr", "einops", "networkx", "PIL", "cv2",
    "imageio", "tqdm", "IPython", "ipywidgets", "google", "pytest", "hypothesis", "requests",
    "polars", "dask", "nltk", "transformers", "datasets", "torchsummary", "torchviz", "graphviz",
    "visdom",
})
# fmt: on


class ForbiddenUse(Exception):  # noqa: N818 - it is the use that is forbidden
    """Something of a package was used that the exercise does not allow."""

    def __init__(self, package: str, line: int | None) -> None:
        super().__init__(f"{package} is not available in this exercise")
        self.package = package
        self.line = line
        """Of the import; where it was used, the traceback knows."""


# --- allowed packages ----------------------------------------------------------------------


class _Allowed:
    """Finds the allowed packages in the third-party folders; sys.path has none of these."""

    def __init__(
        self, packages: Sequence[str], needed: Sequence[str], sites: Sequence[str]
    ) -> None:
        self.packages = packages
        self.needed = needed
        self.sites = sites

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if path is not None or name not in self.needed:
            return None
        return PathFinder.find_spec(name, self.sites)

    def find_distributions(self, context: Any) -> Any:
        """For importlib.metadata: some packages ask for the versions of their own parts."""
        if str(context.name).replace("-", "_") not in self.needed:
            return ()
        from importlib.metadata import DistributionFinder, MetadataPathFinder

        named = DistributionFinder.Context(name=context.name, path=[*self.sites])
        return MetadataPathFinder.find_distributions(named)


def allow(packages: Sequence[str], needed: Sequence[str], sites: Sequence[str]) -> None:
    """Let `packages` be found in the folders `sites`, and what they need besides: sympy, say,
    which a learner's own import statement still does not get."""
    sys.meta_path.append(_Allowed(packages, needed, sites))


# --- neighbours ----------------------------------------------------------------------------


class _Neighbours:
    """Finds the learner's other files; `run(name, namespace)` runs one."""

    def __init__(self, names: frozenset[str], run: Callable[[str, dict[str, Any]], None]) -> None:
        self.names = names
        self.run = run

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        package = any(other.startswith(f"{name}.") for other in self.names)
        if name not in self.names and not package:
            return None
        return spec_from_loader(name, self, is_package=package)  # type: ignore[arg-type]  # a loader by what it does, not by its base

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ in self.names:
            self.run(module.__name__, module.__dict__)


# --- packages that are stood in for --------------------------------------------------------


class Placeholder(ModuleType):
    """Stands for a package or for something in it, until it is used."""

    def __init__(self, name: str, package: str, line: int | None) -> None:
        super().__init__(name)
        # In the class's own words: attributes of the learner's choice go into __dict__.
        vars(self).update(_package=package, _line=line, __path__=[], __all__=[])

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)  # protocols of Python and NumPy: it takes part in none
        return Placeholder(name, vars(self)["_package"], vars(self)["_line"])

    def __mro_entries__(self, bases: Any) -> tuple[type]:
        """`class Net(torch.nn.Module)`: defining it does no harm either."""
        package, line = vars(self)["_package"], vars(self)["_line"]
        return (_DerivedType("Derived", (), {"_package": package, "_line": line}),)

    # Annotations: `x: torch.Tensor | None`.
    def __or__(self, other: Any) -> Placeholder:
        return self

    __ror__ = __or__

    # Nothing here is one of theirs.
    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __subclasscheck__(self, subclass: Any) -> bool:
        return False


class _DerivedType(type):
    """The type of classes that derive from a placeholder."""

    _package: str
    _line: int | None

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise ForbiddenUse(cls._package, cls._line)

    def __getattr__(cls, name: str) -> Placeholder:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder(name, cls._package, cls._line)


def _used(placeholder: Placeholder, *args: Any, **kwargs: Any) -> Any:
    raise ForbiddenUse(vars(placeholder)["_package"], vars(placeholder)["_line"])


# fmt: off
for _operation in (
    "call", "getitem", "setitem", "delitem", "len", "iter", "next", "contains", "enter", "exit",
    "int", "float", "complex", "index", "array", "neg", "pos", "abs", "invert", "add", "radd",
    "iadd", "sub", "rsub", "isub", "mul", "rmul", "imul", "matmul", "rmatmul", "truediv",
    "rtruediv", "floordiv", "rfloordiv", "mod", "rmod", "pow", "rpow", "and", "rand", "xor",
    "rxor", "lshift", "rshift", "lt", "le", "gt", "ge", "round", "divmod", "format", "await",
    "aenter", "aiter", "anext",
):
    setattr(Placeholder, f"__{_operation}__", _used)
# fmt: on


def install(
    neighbours: Mapping[str, Any],
    run: Callable[[str, dict[str, Any]], None],
    text_of: Callable[[CodeType], str | None],
) -> None:
    """Make neighbours importable and let placeholders stand for well-known packages.

    `text_of(code)` is the source text that code of the learner's was compiled from, or None for
    code of anybody else, for whom packages that are not there are just not there.
    """
    allowed = {
        name for finder in sys.meta_path if type(finder) is _Allowed for name in finder.packages
    }
    refused = WELL_KNOWN - allowed - {name.partition(".")[0] for name in neighbours}
    sys.meta_path.insert(0, _Neighbours(frozenset(neighbours), run))
    sys.meta_path.append(_Refused(refused, text_of))
    original = builtins.__import__

    def __import__(  # noqa: N807 - the name that Python looks up
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        # Not through sys.modules: a guarded import after this one still has to fail.
        package = name.partition(".")[0]
        if level == 0 and package in refused:
            frame = sys._getframe(1)
            text = text_of(frame.f_code)
            if text is not None and not _guarded(text, frame.f_lineno):
                return Placeholder(name if fromlist else package, package, frame.f_lineno)
            if text is not None:  # there it may be all the same, for torch to import
                raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        return original(name, globals, locals, fromlist, level)

    builtins.__import__ = __import__


class _Refused:
    """Last in line: `importlib.import_module("torch")` does not come by `__import__`."""

    def __init__(self, names: frozenset[str], text_of: Callable[[CodeType], str | None]) -> None:
        self.names = names
        self.text_of = text_of

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name not in self.names:
            return
        frame: FrameType | None = sys._getframe(1)
        while frame and frame.f_code is not importlib.import_module.__code__:
            frame = frame.f_back
        if frame and (caller := frame.f_back):
            text = self.text_of(caller.f_code)
            if text is not None and not _guarded(text, caller.f_lineno):
                raise ForbiddenUse(name, caller.f_lineno)


# --- guarded imports -----------------------------------------------------------------------

_CATCHING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def _guarded(text: str, line: int) -> bool:
    """Whether the statement at `line` stands where an ImportError is caught."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Try(body=body, handlers=handlers):
                caught = [handler.type for handler in handlers]
            case ast.With(body=body, items=items):
                caught = [
                    kind
                    for item in items
                    if isinstance(item.context_expr, ast.Call)
                    and _name(item.context_expr.func) == "suppress"
                    for kind in item.context_expr.args
                ]
            case _:
                continue
        last = body[-1].end_lineno or body[-1].lineno
        if body[0].lineno <= line <= last and any(map(_catches, caught)):
            return True
    return False


def _catches(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(map(_catches, kind.elts))
    return kind is None or _name(kind) in _CATCHING


def _name(expression: ast.expr) -> str | None:
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None
