"""What the import statements of a learner find."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import importlib.util

import pytest

from grader.model import Forbidden, Missing, NotRun, Raised, Returned

from .conftest import Run

IMPORTS = [
    "import torch",
    "import torch as t",
    "import torch.nn as nn",
    "from torch import nn",
    "from torch.nn import functional as F",
    "import torch.nn.functional",
    "from torch import *",
    "import torch, sympy as sp, jax.numpy as jnp, autograd.numpy as anp",
    "import matplotlib.pyplot as plt",
    "import importlib\ntry:\n    torch = importlib.import_module('torch')\nexcept ImportError:\n    pass",
    "try:\n    import torch\nexcept ImportError:\n    torch = None",
]


@pytest.mark.parametrize("statement", IMPORTS)
def test_importing_a_package_does_not_spoil_what_does_not_use_it(run: Run, statement: str) -> None:
    execution = run(f"{statement}\ndef f(x):\n    return x")
    assert isinstance(execution.outcomes[0], Returned), execution


@pytest.mark.parametrize(
    ("head", "use", "package"),
    [
        ("import torch", "torch.tensor(x)", "torch"),
        ("import torch", "torch.autograd.functional.jacobian(abs, x)", "torch"),
        ("import torch.nn as nn", "nn.Linear(2, 3)", "torch"),
        ("import torch.nn", "torch.nn.Linear(2, 3)", "torch"),
        ("from torch import tanh", "tanh(x)", "torch"),
        ("from torch.nn.functional import relu", "relu(x)", "torch"),
        ("import sympy as sp", "sp.pi * x", "sympy"),
        ("import sympy as sp", "x * sp.pi", "sympy"),
        ("import sympy as sp", "sp.symbols['x']", "sympy"),
        ("import scipy.special", "scipy.special.expit(x)", "scipy"),
        ("import jax.numpy as jnp", "[*jnp.x]", "jax"),
        ("from autograd import grad", "float(grad)", "autograd"),
        ("import torch\nclass Net(torch.nn.Module): pass", "Net()", "torch"),
        ("import torch\nclass S(torch.autograd.Function): pass", "S.apply(x)", "torch"),
        ("import numpy as np\nimport torch", "np.asarray(torch.pi)", "torch"),
        ("", "__import__('torch').ones(3)", "torch"),
        ("import importlib", "importlib.import_module('torch')", "torch"),
    ],
)
def test_using_a_package_is_forbidden_at_that_line(
    run: Run, head: str, use: str, package: str
) -> None:
    execution = run(f"{head}\ndef f(x):\n    return {use}\ndef g(x):\n    return x\n", "f", "g")
    line = head.count("\n") + 3
    assert execution.outcomes[0] == Forbidden(package, line)
    assert isinstance(execution.outcomes[1], Returned)


def test_a_package_imported_inside_one_function_is_forbidden_there(run: Run) -> None:
    source = "def f(x):\n    import torch\n    return torch.tanh(x)\ndef g(x): return x\n"
    forbidden, returned = run(source, "f", "g").outcomes
    assert forbidden == Forbidden("torch", 3) and isinstance(returned, Returned)


def test_the_function_itself_may_be_of_a_package(run: Run) -> None:
    assert run("\nfrom torch import sigmoid as f").outcomes == (Forbidden("torch", 2),)


def test_using_a_package_while_loading_is_forbidden(run: Run) -> None:
    execution = run("import torch\ntorch.manual_seed(0)\ndef f(x): return x")
    assert execution.load == Forbidden("torch", 2)
    assert execution.outcomes == (NotRun(Forbidden("torch", 2)),)


def test_type_annotations_and_type_tests_are_no_use(run: Run) -> None:
    source = """
from __future__ import generator_stop
import torch
from typing import Optional
def f(x: torch.Tensor | None, y: Optional[torch.Tensor] = None) -> list[torch.Tensor]:
    if isinstance(x, torch.Tensor):
        x = x.numpy()
    return x
"""
    assert isinstance(run(source).outcomes[0], Returned)


GUARDS = [
    "try:\n    import torch\n    HAS = True\nexcept ImportError:\n    HAS = False",
    "try:\n    import torch\n    HAS = True\nexcept ModuleNotFoundError:\n    HAS = False",
    "try:\n    from torch import nn\n    HAS = True\nexcept (ValueError, ImportError):\n    HAS = False",
    "try:\n    import torch\n    HAS = True\nexcept Exception:\n    HAS = False",
    "try:\n    import torch\n    HAS = True\nexcept:\n    HAS = False",
    "import builtins\ntry:\n    import torch\n    HAS = True\nexcept builtins.ImportError:\n    HAS = False",
    "HAS = False\nfrom contextlib import suppress\nwith suppress(ImportError):\n    import torch\n    HAS = True",
    "import importlib.util\nHAS = importlib.util.find_spec('torch') is not None",
    "import importlib\ntry:\n    importlib.import_module('torch')\n    HAS = True\nexcept ImportError:\n    HAS = False",
    "import torch\ntry:\n    import torch\n    HAS = True\nexcept ImportError:\n    HAS = False",
]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guarded_import_takes_its_fallback(run: Run, guard: str) -> None:
    execution = run(f"{guard}\ndef f(x):\n    return HAS")
    assert bool(execution.outcomes[0].value) is False, execution  # type: ignore[union-attr]


def test_a_try_that_catches_something_else_is_no_guard(run: Run) -> None:
    source = "try:\n    import torch\nexcept ValueError:\n    pass\ndef f(x): return torch.ones(3)"
    assert run(source).outcomes == (Forbidden("torch", 5),)


@pytest.mark.parametrize("package", ["jinja2", "pip", "setuptools", "grader", "sandbox", "wire"])
def test_other_packages_are_not_there(run: Run, package: str) -> None:
    execution = run(f"import {package}")
    why = Raised("ModuleNotFoundError", f"No module named '{package}'", "exercise_1.py", 1)
    assert execution.load == why


def test_an_installed_package_is_out_of_reach_by_its_path_too(run: Run) -> None:
    spec = importlib.util.find_spec("mpmath")
    assert spec and spec.submodule_search_locations
    folder = spec.submodule_search_locations[0].rpartition("/")[0]
    source = f"""
import sys
sys.path.insert(0, {folder!r})
def f(x):
    from importlib.machinery import PathFinder
    spec = PathFinder.find_spec("mpmath", sys.path)
    return spec.loader.get_data(spec.origin)
"""
    (outcome,) = run(source).outcomes
    assert isinstance(outcome, Raised) and outcome.type in ("PermissionError", "AttributeError")


@pytest.mark.parametrize(
    "module",
    [
        "math",
        "json",
        "dataclasses",
        "functools",
        "typing",
        "fractions",
        "decimal",
        "sqlite3",
        "ctypes",
        "unittest",
        "ssl",
        "numpy.random",
        "numpy.linalg",
        "numpy.testing",
        "numpy.ma",
        "numpy.fft",
    ],
)
def test_the_standard_library_and_numpy_are_there(run: Run, module: str) -> None:
    execution = run(f"import {module}\ndef f(x): return x")
    assert isinstance(execution.outcomes[0], Returned), execution


# --- neighbours ----------------------------------------------------------------------------


def test_neighbours_are_importable(run: Run) -> None:
    execution = run(
        "from layers import relu\nimport helper\ndef f(x): return relu(x) + helper.one",
        neighbours={
            "layers": "from helper import one\ndef relu(x): return x * (x > 0)",
            "helper": "one = 1\nprint('helper')",
            "never": "raise SystemExit",
        },
    )
    assert execution.outcomes[0].value.tolist() == [1, 2, 3]  # type: ignore[union-attr]
    assert execution.stdout == "helper\n"


def test_a_neighbour_that_fails_is_named(run: Run) -> None:
    execution = run("import helper\n", neighbours={"helper": "\n\n1 / 0\n"})
    assert execution.load == Raised("ZeroDivisionError", "division by zero", "helper.py", 3)
    execution = run("import helper\n", neighbours={"helper": "\n1 +\n"})
    assert execution.load == Raised("SyntaxError", "invalid syntax", "helper.py", 2, 1, 4)


def test_a_neighbour_takes_the_place_of_a_package(run: Run) -> None:
    execution = run(
        "import torch\ndef f(x): return torch.ones()",
        neighbours={"torch": "def ones(): return 1.0"},
    )
    assert execution.outcomes[0].value == 1  # type: ignore[union-attr]


def test_a_neighbour_may_import_a_package(run: Run) -> None:
    execution = run(
        "import helper\ndef f(x): return helper.g(x)",
        neighbours={"helper": "import torch\ndef g(x):\n    return torch.tanh(x)"},
    )
    assert execution.outcomes == (Forbidden("torch", 3),)


def test_neighbours_may_lie_in_folders(run: Run) -> None:
    execution = run(
        "from lib.layers import g as f",
        neighbours={
            "lib.layers": "from .tools import double as g",
            "lib.tools": "def double(x): return 2 * x",
        },
    )
    assert execution.outcomes[0].value.tolist() == [0, 2, 4]  # type: ignore[union-attr]


# --- notebooks -----------------------------------------------------------------------------


def test_the_cells_of_a_notebook_share_their_names(run: Run) -> None:
    cells = [
        "import numpy as np",
        "%matplotlib inline\ndef f(x):\n    return np.sum(x) + y",
        "y = 1",
    ]
    assert run(cells).outcomes[0].value == 4  # type: ignore[union-attr]


def test_what_a_cell_imports_from_the_future_lasts_for_later_ones(run: Run) -> None:
    cells = ["from __future__ import annotations", "def f(x: Array) -> Unknown: return x"]
    assert isinstance(run(cells).outcomes[0], Returned)
    helper = {"helper": "def f(x: Array): return x"}  # another file
    execution = run("from __future__ import annotations\nfrom helper import f", neighbours=helper)
    assert "NameError" in str(execution.load)


def test_a_notebook_may_display_things(run: Run) -> None:
    cells = ["display(1)\ndef f(x): return x"]
    assert isinstance(run(cells).outcomes[0], Returned)


def test_a_file_knows_where_it_stands(run: Run) -> None:
    source = """
import os
from pathlib import Path
os.chdir(os.path.dirname(__file__))
def f(x):
    return [Path(__file__).is_absolute(), Path(__file__).name == "exercise_1.py"]
"""
    assert all(run(source).outcomes[0].value)  # type: ignore[union-attr]


def test_a_line_of_a_notebook_is_told_with_its_cell(run: Run) -> None:
    (outcome,) = run(
        ["", "y = 1", "def f(x):\n    return g(x)", "def g(x):\n\n    return 1 / 0"]
    ).outcomes
    assert outcome == Raised("ZeroDivisionError", "division by zero", "exercise_1.ipynb", 3, 4)


def test_a_cell_that_fails_does_not_take_the_others_away(run: Run) -> None:
    cells = [
        "def f(x): return x",
        "import matplotlib.pyplot as plt\nplt.plot([1])",
        "1 +",
        "def g(x): return x",
    ]
    execution = run(cells, "f", "g", "h")
    assert [type(outcome) for outcome in execution.outcomes] == [Returned, Returned, Forbidden]


def test_a_function_that_a_failed_cell_would_have_defined(run: Run) -> None:
    execution = run(["x = 1", "y = undefined\ndef f(x): return x", "def g(x): return x"], "f", "g")
    raised, returned = execution.outcomes
    assert raised == Raised(
        "NameError", "name 'undefined' is not defined", "exercise_1.ipynb", 1, 2
    )
    assert isinstance(returned, Returned)
    assert run(["x = 1", "def g(x): return x"]).outcomes == (Missing("f", ("g",)),)
