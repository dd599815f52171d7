"""The sources of expected values: each right by itself, and all of them in agreement."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import GraderError
from grader.oracles import finite_difference, network, symbolic, torch_reference
from grader.oracles.numbers import high, plain
from grader.oracles.tracked import lift, values
from grader.trees import leaves, map_leaves, paths

# --- functions whose derivative is known -------------------------------------------------------
# (the function in NumPy style, in torch, its derivative in mpmath)

Known = tuple[Callable[[Any], Any], Callable[[Any], Any], Callable[[Any], Any]]


def torch_module() -> Any:
    import torch

    return torch


KNOWN: dict[str, Known] = {
    "a polynomial": (
        lambda x: 3 * x * x * x - x / 4 + 7,
        lambda x: 3 * x * x * x - x / 4 + 7,
        lambda x: 9 * x**2 - mpmath.mpf(1) / 4,
    ),
    "a steep exponential": (
        lambda x: np.exp(3 * x),
        lambda x: torch_module().exp(3 * x),
        lambda x: 3 * mpmath.exp(3 * x),
    ),
    "tanh": (np.tanh, lambda x: torch_module().tanh(x), lambda x: mpmath.sech(x) ** 2),
    "softplus": (
        lambda x: np.log(1 + np.exp(x)),
        lambda x: torch_module().nn.functional.softplus(x, threshold=1e9),
        lambda x: 1 / (1 + mpmath.exp(-x)),
    ),
    "a root of a square": (
        lambda x: np.sqrt(x * x + 1),
        lambda x: torch_module().sqrt(x * x + 1),
        lambda x: x / mpmath.sqrt(x * x + 1),
    ),
    "a flat one": (lambda x: 0 * x + 2, lambda x: 0 * x + 2, lambda x: mpmath.mpf(0)),
}

known = pytest.mark.parametrize("name", KNOWN)


def close(a: Any, b: Any, tolerance: float) -> bool:
    with mpmath.workdps(60):
        return bool(abs(mpmath.mpf(a) - b) <= tolerance * (1 + abs(b)))


@known
@given(x=st.floats(-4, 4))
def test_symbolic_derivatives_are_right_to_their_bound(name: str, x: float) -> None:
    f, _, derivative = KNOWN[name]
    value, bound = symbolic.elementwise(f, derivative=1).values(x)
    with mpmath.workdps(60):
        exact = derivative(mpmath.mpf(x))
        assert abs(value[()] - exact) <= bound[()] + mpmath.mpf(10) ** -55
        assert bound[()] <= abs(exact) * mpmath.mpf(10) ** -25


@known
@given(x=st.floats(-4, 4))
def test_finite_differences_are_right_to_their_bound_and_the_bound_is_small(
    name: str, x: float
) -> None:
    f, _, derivative = KNOWN[name]
    value, bound = finite_difference.elementwise(f).values(x)
    with mpmath.workdps(60):
        exact = derivative(mpmath.mpf(x))
        assert abs(value[()] - exact) <= bound[()]
        # Steeper functions have a larger truncation error: exp(3x) has f''' = 27 f.
        assert bound[()] <= (1 + abs(exact)) * mpmath.mpf(10) ** -27


@known
@given(x=st.floats(-4, 4))
def test_torch_is_right_to_double_precision(name: str, x: float) -> None:
    _, f, derivative = KNOWN[name]
    value, bound = torch_reference.elementwise(f, derivative=True).values(x)
    assert bound is None
    assert value.dtype == np.float64
    assert close(value.item(), derivative(mpmath.mpf(x)), 1e-14)


@known
def test_all_witnesses_keep_the_shape_and_the_order_of_the_argument(name: str) -> None:
    f, in_torch, derivative = KNOWN[name]
    grid = np.linspace(-2, 2, 12).reshape(3, 4)
    for x in (grid[::-1, ::2], grid.T, grid[:1, :1], np.array(0.5), 2, np.array([-1, 3])):
        for witness in (
            symbolic.elementwise(f, derivative=1),
            finite_difference.elementwise(f),
            torch_reference.elementwise(in_torch, derivative=True),
        ):
            value, bound = witness.values(x)
            assert np.shape(value) == np.shape(x)
            assert bound is None or np.shape(bound) == np.shape(x)
            for index in np.ndindex(np.shape(x)):
                exact = derivative(mpmath.mpf(np.asarray(x)[index].item()))
                assert close(np.asarray(value, dtype=object)[index], exact, 1e-13), witness.name


def test_the_function_itself_is_evaluated_where_no_derivative_is_asked_for() -> None:
    value, _ = symbolic.elementwise(KNOWN["softplus"][0]).values(-3.0)
    assert close(value[()], mpmath.log1p(mpmath.exp(-3)), 1e-13)
    value, _ = torch_reference.elementwise(KNOWN["softplus"][1]).values(-3.0)
    assert close(value.item(), mpmath.log1p(mpmath.exp(-3)), 1e-15)


def test_second_derivatives_are_not_first_ones() -> None:
    f = KNOWN["a polynomial"][0]
    first, _ = symbolic.elementwise(f, derivative=1).values(2.0)
    second, _ = symbolic.elementwise(f, derivative=2).values(2.0)
    assert (first[()], second[()]) == (35.75, 36)


# --- what goes wrong at a fixed precision ------------------------------------------------------


def one_minus_tanh_squared(x: Any) -> Any:
    return 1 - np.tanh(x) * np.tanh(x)


@pytest.mark.parametrize("x", [20.0, 50.0, 100.0, 150.0, 340.0])
def test_a_cancelling_difference_keeps_its_digits(x: float) -> None:
    # At 50 digits it is 0 from x = 58 on, at 100 digits from x = 116 on.
    value, _ = symbolic.elementwise(one_minus_tanh_squared).values(x)
    with mpmath.workdps(60):
        exact = mpmath.sech(x) ** 2
        assert abs(value[()] - exact) <= exact * mpmath.mpf(10) ** -28


def test_zero_is_zero() -> None:
    value, bound = symbolic.elementwise(lambda x: np.tanh(x) * x).values(np.array([0.0, 1.0]))
    assert (value[0], bound[0]) == (0, 0)
    assert value[1] > 0.7


def hidden_zero(x: Any) -> Any:
    """0, which sympy does not see: evaluated, its digits are rounding noise or none."""
    return np.log(x * np.exp(np.tanh(x))) - np.log(x) - np.tanh(x)


@pytest.mark.parametrize("x", [0.3, 0.7, 1.1, 1.3, 2.9])
def test_rounding_noise_is_never_taken_for_a_value(x: float) -> None:
    try:
        value, _ = symbolic.elementwise(hidden_zero).values(x)
    except GraderError as error:
        assert "settle" in str(error)
    else:
        assert value[()] == 0


@pytest.mark.parametrize("constant", [0.1, 0.3, 1e-3, 2.0**-40])
def test_float_constants_are_the_binary_fractions_that_they_are(constant: float) -> None:
    for evaluate in (
        symbolic.elementwise(lambda x: x * constant).values,
        finite_difference.elementwise(lambda x: x * x * constant / 2).values,
        symbolic.elementwise(lambda x: x * x * constant / 2, derivative=1).values,
    ):
        value, bound = evaluate(1.0)
        with mpmath.workdps(60):
            exact = Fraction(constant)
            exactly = mpmath.mpf(exact.numerator) / exact.denominator
            assert abs(value[()] - exactly) <= bound[()]
            assert bound[()] < mpmath.mpf(10) ** -27


@pytest.mark.parametrize("number", [0.1, np.float32(0.1), np.float64(-0.7), 3, True, np.array(0.1)])
def test_arguments_are_taken_exactly(number: Any) -> None:
    exact = Fraction(number.item() if hasattr(number, "item") else number)
    for value in (
        plain(high(number))[()],
        symbolic.elementwise(lambda x: 1 * x).values(number)[0][()],
        values(lift(number))[()],
    ):
        with mpmath.workdps(60):
            assert value == mpmath.mpf(exact.numerator) / exact.denominator


# --- caches ------------------------------------------------------------------------------------


def test_two_functions_of_the_same_shape_are_not_mixed_up() -> None:
    made = [symbolic.elementwise(lambda x, k=k: k * x) for k in range(1, 6)]
    assert [w.values(2.0)[0][()] for w in made] == [2, 4, 6, 8, 10]
    several = [symbolic.values_of(lambda a, b, k=k: a - k * b) for k in range(1, 6)]
    assert [f(1.0, 2.0)[()] for f in several] == [-1, -3, -5, -7, -9]


def test_functions_that_are_gone_leave_nothing_behind() -> None:
    # A cache by id() would find the last function's result at the same address.
    for k in range(30):
        assert symbolic.values_of(lambda a, k=k: a + k)(1.0)[()] == 1 + k
        assert symbolic.elementwise(lambda x, k=k: x + k).values(1.0)[0][()] == 1 + k


def test_gradients_by_other_variables_or_of_other_shapes_are_not_mixed_up() -> None:
    def scalar(a: Any, b: Any) -> Any:
        return (a * b).sum()

    by_a = symbolic.gradient(scalar, lambda a, b: a)
    by_b = symbolic.gradient(scalar, lambda a, b: b)
    for n in (2, 3):
        a, b = np.arange(1.0, n + 1), np.arange(5.0, n + 5)
        assert by_a(a, b).tolist() == b.tolist()
        assert by_b(a, b).tolist() == a.tolist()


def test_text_among_the_arguments_tells_results_apart() -> None:
    scalar = symbolic.values_of(lambda x, name, twice=None: np.tanh(x) if name == "tanh" else x)
    assert scalar(0.5, "linear")[()] == 0.5
    assert close(scalar(0.5, "tanh")[()], mpmath.tanh(0.5), 1e-14)
    assert scalar(0.5, "linear", twice="yes")[()] == 0.5


def test_keyword_arguments_may_come_in_any_order() -> None:
    difference = symbolic.values_of(lambda a, b: a - 2 * b)
    assert difference(a=1.0, b=10.0)[()] == -19
    assert difference(b=10.0, a=1.0)[()] == -19


def test_keys_of_dicts_may_come_in_any_order() -> None:
    difference = symbolic.values_of(lambda p: p["a"] - 2 * p["b"])
    assert difference({"a": 1.0, "b": 10.0})[()] == -19
    assert difference({"b": 10.0, "a": 1.0})[()] == -19


# --- functions of several arguments ------------------------------------------------------------


@pytest.fixture
def net() -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(7)
    layers = network.draw_layers(rng, (2, 3, 2))
    return (
        network.decimals(rng.normal(size=(3, 2))),
        network.decimals(rng.normal(size=(3, 2))),
        layers,
    )


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_gradients_of_a_network_agree_among_all_witnesses(
    activation: str, net: tuple[Any, Any, Any]
) -> None:
    by, in_torch = network.parameters, network.torch_loss
    gradients = {
        "formula": network.backward(*net, activation),
        "sympy": symbolic.witness(symbolic.gradient(network.loss, by)).values(*net, activation)[0],
        "sympy by samples": network.symbolic_gradient.values(*net, activation)[0],
        "finite differences": finite_difference.gradient(network.loss, by)(*net, activation)[0],
        "torch": torch_reference.gradient_witness(in_torch, by).values(*net, activation)[0],
    }
    for name, gradient in gradients.items():
        assert list(paths(gradient)) == [(0, 0), (0, 1), (1, 0), (1, 1)], name
        for mine, other in zip(leaves(gradient), leaves(gradients["sympy"]), strict=True):
            assert np.shape(mine) == other.shape
            assert np.max(np.abs((np.asarray(mine) - other).astype(float))) < 1e-14, name
    assert max(np.max(np.abs(leaf)) for leaf in leaves(gradients["formula"])) > 0.1


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("forms", network.OTHER_FORMS)
def test_other_right_ways_to_a_gradient_are_right(
    activation: str, forms: Any, net: tuple[Any, Any, Any]
) -> None:
    other = network.backward_divided_last(*net, activation, forms=forms)
    for a, b in zip(leaves(network.backward(*net, activation)), leaves(other), strict=True):
        # relu makes arrays of objects
        np.testing.assert_allclose(a.astype(float), b.astype(float), rtol=1e-12, atol=1e-15)


def test_finite_difference_gradients_hold_their_own_bound(net: tuple[Any, Any, Any]) -> None:
    exact = symbolic.gradient(network.loss, network.parameters)(*net, "tanh")
    value, bound = finite_difference.gradient(network.loss, network.parameters)(*net, "tanh")
    for v, b, e in zip(leaves(value), leaves(bound), leaves(exact), strict=True):
        assert np.all(np.abs(v - e) <= b + 1e-45)
        assert np.all(b <= 1e-25)


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_gradients_by_several_numbers_have_their_structure(a: float, b: float) -> None:
    def scalar(p: Any, scale: Any) -> Any:
        return scale * p["a"] * p["a"] * p["b"]

    def by(p: Any, scale: Any) -> Any:
        return p

    for gradient in (
        symbolic.gradient(scalar, by)({"a": a, "b": b}, 3),
        finite_difference.gradient(scalar, by)({"a": a, "b": b}, 3)[0],
        torch_reference.gradient(scalar, by)({"a": a, "b": b}, 3)[0],
    ):
        assert close(gradient["a"].item(), 6 * a * b, 1e-13)
        assert close(gradient["b"].item(), 3 * a * a, 1e-13)


def test_the_network_agrees_with_torch_layer_by_layer(net: tuple[Any, Any, Any]) -> None:
    torch = torch_module()
    X, _, layers = net
    for activation in ("sigmoid", "tanh", "relu"):
        theirs = network.torch_trace(*map_leaves(torch.tensor, [X, layers]), activation)
        for (z, h), (tz, th) in zip(network.trace(X, layers, activation), theirs, strict=True):
            np.testing.assert_allclose(np.asarray(z, dtype=float), tz, rtol=1e-14)
            np.testing.assert_allclose(np.asarray(h, dtype=float), th, rtol=1e-13)


def test_witnesses_leave_their_arguments_as_they_are(net: tuple[Any, Any, Any]) -> None:
    X, Y, layers = net
    for array in leaves([X, Y, layers]):
        array.flags.writeable = False
    before = map_leaves(np.copy, [X, Y, layers])
    args = (X[::-1], Y[::-1], layers, "tanh")
    finite_difference.gradient(network.loss, network.parameters)(*args)
    torch_reference.gradient(network.torch_loss, network.parameters)(*args)
    [value] = leaves(torch_reference.values_of(lambda x: x.mul_(2)).values(X)[0])
    np.testing.assert_array_equal(value, 2 * before[0])
    for a, b in zip(leaves([X, Y, layers]), leaves(before), strict=True):
        np.testing.assert_array_equal(a, b)


@given(st.integers(0, 2**32))
def test_drawn_layers_can_be_typed_and_have_no_bias_near_zero(seed: int) -> None:
    layers = network.draw_layers(np.random.default_rng(seed), (3, 4, 2))
    assert [(W.shape, b.shape) for W, b in layers] == [((3, 4), (4,)), ((4, 2), (2,))]
    for array in leaves(layers):
        assert all(len(repr(float(x)).split(".")[-1]) <= 3 for x in array.ravel())
    assert all(np.min(np.abs(b)) >= 0.25 for _, b in layers)


def test_biases_have_both_signs() -> None:
    biases = network.away_from_zero(np.random.default_rng(0), (50,))
    assert 10 < np.sum(biases > 0) < 40
