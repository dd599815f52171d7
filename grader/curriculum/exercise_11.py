"""Training with PyTorch: a model of torch's own layers, and the loop that trains it.

`train` is judged by the whole trajectory in float64, from weights that the driver puts into the
model: the loss of every epoch and all parameters after the last. The loss that the course's own
problem ends with is not graded: of 148 correct runs 6 failed to learn it (dead units), so a
threshold would fail correct files, and wrong loops can come close to it.

Whether `train` goes by `device` shows without a GPU too: torch's device "meta" has shapes and no
numbers, so all that can be told after a call is where the model is. Zeros stand in for the numbers
that the loop asks for on its way: what comes after it counts too. On a GPU the same loop is run in
float32, for no points.

L1Loss has a kink where a residual is 0 and ReLU where a preactivation is; the cases keep their
distance from both, for the right loop and for every wrong one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeAlias

import mpmath
import numpy as np

from grader.model import Array, Case, Check, Exercise, Function, Misconception, Tier, Tree, Witness
from grader.oracles import cuda, finite_difference, network, symbolic
from grader.oracles.network import Layers, decimals
from grader.oracles.numbers import high, plain
from grader.trees import leaves, map_leaves

Parameters: TypeAlias = Mapping[str, Any]
"""The names and values of a `state_dict`: a weight is (outputs, inputs) there."""
Slope: TypeAlias = Callable[[Any, Any, Layers], tuple[Any, Layers]]
"""(x, y, layers) in, (loss, gradients) out."""
Loop: TypeAlias = Callable[[Any, Any, Layers, Any, int], tuple[Any, Layers]]
"""(x, y, layers, learning rate, epochs) in, (losses, layers) out."""

GPU = "cuda"
"""The device of the check that needs one; a test without a GPU names another."""
_SIZES = (1, 3, 2, 1)
"""Of the models that are given: the course's, with fewer units."""


# --- what runs beside the learner's functions --------------------------------------------------


def train_given_model(  # type: ignore[no-untyped-def]  # sent as source: no name of this module means anything there
    train, x, y, parameters, *, ask="numbers", dtype="float64", calls=1, **settings
):
    """Calls `train` with a model that has the given parameters, so often one after the other.

    For ask="numbers", gives the losses of the last call and the parameters after it; for
    ask="kinds", in words, what the losses are and which model was trained. Where a device is
    given, also on which one the model is afterwards (for ask="place" only that, and where none is
    given as on a machine with a GPU); where it is not float64, also the dtype it has then.
    """
    from contextlib import nullcontext

    import numpy as np
    import torch
    from torch import nn
    from torch.overrides import TorchFunctionMode

    class Zeros(TorchFunctionMode):
        """What cannot be had of a tensor without numbers is had of zeros on the CPU, so that the
        call goes on to its end. A GPU is such a device too."""

        apart = False
        """Two devices have met in one operation, and not because of what stands in."""
        stood_in = False

        def __torch_function__(self, function, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
            def elsewhere(a: object) -> object:
                named = isinstance(a, str | torch.device) and str(a).startswith("cuda")
                return "meta" if named else a

            args = [elsewhere(a) for a in args]
            kwargs = {name: elsewhere(a) for name, a in (kwargs or {}).items()}
            if function is torch.Tensor.cuda:
                function, args, kwargs = torch.Tensor.to, [args[0], "meta"], {}
            try:
                return function(*args, **kwargs)
            except (NotImplementedError, RuntimeError, TypeError) as error:
                if "not on the expected device" in str(error):
                    self.apart = self.apart or not self.stood_in
                    raise
                of_meta = [isinstance(a, torch.Tensor) and a.is_meta for a in args]
                if not any(of_meta):
                    raise
                pairs = zip(args, of_meta, strict=True)
                args = [torch.zeros(a.shape, dtype=a.dtype) if meta else a for a, meta in pairs]
                answer = function(*args, **kwargs)
                self.stood_in = self.stood_in or isinstance(answer, torch.Tensor)
                return answer

    # With it, a GPU rounds what it multiplies to 11 bits.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    kind = getattr(torch, dtype)
    state = {name: torch.from_numpy(array).to(kind) for name, array in parameters.items()}
    modules = []
    for name, value in state.items():
        if name.endswith("weight"):
            # On the CPU, whatever an earlier call may have made the default.
            modules += [nn.Linear(value.shape[1], value.shape[0], device="cpu"), nn.ReLU()]
    model = nn.Sequential(*modules[:-1]).to(kind)
    model.load_state_dict(state)
    # They share the memory of the arrays, which are looked at again after the call.
    inputs, targets = torch.from_numpy(x).to(kind), torch.from_numpy(y).to(kind)

    def place() -> str:
        return "/".join(sorted({parameter.device.type for parameter in model.parameters()}))

    pretended = ask == "place" and "device" not in settings
    without_numbers = pretended or settings.get("device") == "meta"
    zeros, available = Zeros(), torch.cuda.is_available
    try:
        if pretended:
            torch.cuda.is_available = lambda: True
        with zeros if without_numbers else nullcontext():
            for _ in range(calls):
                losses = train(model, inputs, targets, **settings)
    except Exception:
        # There are ways to read a loss that nothing stands in for, and more of a GPU to ask for.
        if not pretended and (not without_numbers or zeros.apart or place() != "meta"):
            raise
        losses = []
    finally:
        torch.cuda.is_available = available
    for array, tensor in ((x, inputs), (y, targets)):
        if array.shape != tensor.shape:  # changed in place, which the memory does not show
            array.shape = tensor.shape
    if losses is None:
        return None
    where = {"model on": place()} if "device" in settings else {}
    if pretended:
        where = {"model on": place().replace("meta", "cuda")}
    if dtype != "float64":
        kinds = {str(parameter.dtype) for parameter in model.parameters()}
        where["model in"] = "/".join(sorted(kinds)).replace("torch.", "")
    if ask == "place":
        return where
    after = {name: value.cpu() for name, value in model.state_dict().items()}
    listed = isinstance(losses, list | tuple) or (
        isinstance(losses, np.ndarray | torch.Tensor) and losses.ndim > 0
    )
    noted = [*losses] if listed else [losses]
    tensors = any(isinstance(x, torch.Tensor) for x in [losses, *noted])
    if ask == "numbers":
        if tensors and where:  # on a GPU they cannot be sent
            losses = [x.detach().cpu() if isinstance(x, torch.Tensor) else x for x in noted]
        return {"losses": losses, **after, **where}
    moved = any(not torch.equal(after[name], value) for name, value in state.items())
    varied = len({str(loss) for loss in noted}) > 1
    if tensors:
        kind = "tensors"
    elif all(isinstance(x, int | float | np.number | np.ndarray) for x in noted):
        kind = "numbers" if listed else "one number"
    else:
        kind = type(noted[0]).__name__
    return {
        "losses": kind,
        "trained": "the given model" if moved else "another model" if varied else "no model",
        **where,
    }


def describe_model(build_model, *, ask):  # type: ignore[no-untyped-def]  # sent as source
    """What `build_model` builds, in words: for ask="layers" its layers; for ask="again" whether
    a second call gives parameters of its own."""
    from collections.abc import Iterator

    import torch
    from torch import nn

    model = build_model()
    if model is None:
        return None
    if ask == "again":
        # Both are kept: an object that is gone may leave its address to the next.
        both = [
            list(m.parameters()) if isinstance(m, nn.Module) else [m]
            for m in (model, build_model())
        ]
        first, second = ({id(p) for p in parameters} for parameters in both)
        return "the same model again" if first & second else "a new model"

    def layers(module: nn.Module) -> Iterator[str]:
        # Not children(), which gives a module once, however often it is used.
        for child in module._modules.values():
            if isinstance(child, nn.Sequential):
                yield from layers(child)
            elif isinstance(child, nn.Linear) and type(child).forward is nn.Linear.forward:
                form = "" if child.bias is not None else ", bias=False"
                if child.weight.dtype != torch.get_default_dtype():
                    form += f", dtype={child.weight.dtype}"
                yield f"Linear({child.in_features}, {child.out_features}{form})"
            else:
                yield type(child).__name__

    def in_turn() -> bool:
        """Whether a Sequential gives what its modules give one after the other."""
        if type(model).forward is nn.Sequential.forward:
            return True
        wanted = x = torch.tensor([[-2.0], [0.5], [3.0]])
        try:
            for module in model:
                wanted = module(wanted)
        except Exception:
            return True  # they do not fit, which is told without this
        try:
            got = model(x)
            return bool(got.shape == wanted.shape and torch.allclose(got, wanted))
        except Exception:
            return False

    name = type(model).__name__
    if isinstance(model, nn.Sequential):
        name = "Sequential" if in_turn() else f"{name} with a forward of its own"
    return f"{name}({', '.join(layers(model))})" if isinstance(model, nn.Module) else name


_trained_in_torch: Callable[..., Any] = train_given_model
_described: Callable[..., str] = describe_model


# --- what is right: train ----------------------------------------------------------------------


def _layers(parameters: Parameters) -> Layers:
    values = [*parameters.values()]
    return [(W.T, b) for W, b in zip(values[::2], values[1::2], strict=True)]


def _state(layers: Layers) -> dict[str, Any]:
    """The layers under the names that nn.Sequential gives them, with a ReLU between each two."""
    named: dict[str, Any] = {}
    for index, (W, b) in enumerate(layers):
        named |= {f"{2 * index}.weight": W.T, f"{2 * index}.bias": b}
    return named


def _as_array(losses: Sequence[Any]) -> Array:
    return np.array(losses, dtype=object)


_side = np.frompyfunc(lambda r: type(r)(1 if r > 0 else -1), 1, 1)
"""Of the kink at 0, where no case is; a number like its argument, to be divided without loss."""


def _backward(x: Any, layers: Layers, pairs: Sequence[tuple[Any, Any]], delta: Any) -> Layers:
    """The gradients from `delta`, the slope of the loss by the prediction."""
    gradients = []
    for index in reversed(range(len(layers))):
        below = pairs[index - 1][1] if index else x
        gradients.append((below.T @ delta, delta.sum(axis=0)))
        if index:
            slope = network.activation_derivative("relu", pairs[index - 1][0])
            delta = (delta @ layers[index][0].T) * slope
    return gradients[::-1]


def _slope_of(loss: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Slope:
    """Of the mean of `loss` over the residuals, whose derivative is `slope`."""

    def mean(x: Any, y: Any, layers: Layers) -> tuple[Any, Layers]:
        pairs = network.trace(x, layers, "relu")
        residual = pairs[-1][1] - y
        gradients = _backward(x, layers, pairs, slope(residual) / len(x))
        return loss(residual).sum() / len(x), gradients

    return mean


l1 = _slope_of(abs, _side)


def l1_divided_last(x: Any, y: Any, layers: Layers) -> tuple[Any, Layers]:
    pairs = network.trace(x, layers, "relu")
    residual = pairs[-1][1] - y
    gradients = _backward(x, layers, pairs, _side(residual))
    return (abs(residual) / len(x)).sum(), [(dW / len(x), db / len(x)) for dW, db in gradients]


def _scaled(gradients: Layers, factor: Any) -> Layers:
    return [(dW * factor, db * factor) for dW, db in gradients]


def _sum(a: Layers, b: Layers) -> Layers:
    return [(U + W, u + w) for (U, u), (W, w) in zip(a, b, strict=True)]


def _step(layers: Layers, gradients: Layers, rate: Any) -> Layers:
    return _sum(layers, _scaled(gradients, -rate))


_kept = np.frompyfunc(lambda t: type(t)(t.value, t.error), 1, 1)
"""A parameter is rounded when it is stored, so its bound is not one of a sum of all steps."""


def _stored(layers: Layers) -> Layers:
    return [(_kept(W), _kept(b)) for W, b in layers]


def loop(slope: Slope = l1, step: Callable[[Layers, Layers, Any], Layers] = _step) -> Loop:
    """The training loop; with another slope or step, one that is wrong there."""

    def run(x: Any, y: Any, layers: Layers, rate: Any, epochs: int) -> tuple[Any, Layers]:
        losses = []
        for _ in range(epochs):
            loss, gradients = slope(x, y, layers)
            losses.append(loss)
            layers = _stored(step(layers, gradients, rate))
        return _as_array(losses), layers

    return run


def as_train(
    run: Loop, *, losses: str = "numbers", trained: str = "the given model", kept_on: str = ""
) -> Any:
    """What the driver gives where `train` is this loop, which keeps the model on a device."""

    def train(
        x: Any,
        y: Any,
        parameters: Parameters,
        *,
        epochs: int,
        learning_rate: Any = 0.001,
        ask: str = "numbers",
        dtype: str = "float64",
        device: str = "",
        calls: int = 1,
    ) -> dict[str, Any]:
        if ask == "place":
            return _place((kept_on or device) if device else "cpu")
        where = _place(device and (kept_on or device)) | _kind(dtype)
        if ask == "kinds":
            return {"losses": losses, "trained": trained, **where}
        layers = _layers(parameters)
        for _ in range(calls):
            noted, layers = run(x, y, layers, learning_rate, epochs)
        return {"losses": noted, **_state(layers), **where}

    return train


def _place(device: str) -> dict[str, str]:
    return {"model on": device} if device else {}


def _kind(dtype: str) -> dict[str, str]:
    return {"model in": dtype} if dtype != "float64" else {}


# --- who else says so ---------------------------------------------------------------------------

_GROWTH = 30
"""No step of these cases makes an error in the parameters so many times larger: between kinks
the slope by a parameter is a product of the two others on its way and of an input. (Of a line it
is an input or 1, whatever the parameters are: an error does not grow at all.)"""

_size = np.frompyfunc(lambda t: type(t)(abs(t.value)), 1, 1)


def _l1_by_sizes(x: Any, y: Any, layers: Layers) -> Any:
    """The loss alone, with relu(z) = (z + |z|) / 2: what sympy differentiates without cases."""
    h = x
    for index, (W, b) in enumerate(layers):
        h = h @ W + b
        if index < len(layers) - 1:
            h = (h + _size(h)) / 2
    return _size(h - y).sum() / len(x)


def _l1_alone(x: Any, y: Any, layers: Layers) -> Any:
    return abs(network.forward(x, layers, "relu") - y).sum() / len(x)


def _parameters(x: Any, y: Any, layers: Layers) -> Layers:
    return layers


_sample_in_sympy = symbolic.gradient(_l1_by_sizes, _parameters)
_loss_in_sympy = symbolic.values_of(_l1_by_sizes)
_by_differences = finite_difference.gradient(_l1_alone, _parameters)


def _in_sympy(x: Array, y: Array, layers: Layers) -> tuple[Any, Layers, Any]:
    """The mean over samples: one sample's expression is small and serves batches of any size."""
    samples = Counter((*row, *target) for row, target in zip(x, y, strict=True))
    total: Any = 0
    slopes = []
    for (a, b), times in samples.items():  # one that is there again is worked out once
        sample = np.array([[a]], dtype=object), np.array([[b]], dtype=object), layers
        slopes.append(map_leaves(lambda g, n=times: n * g, _sample_in_sympy(*sample)))
        total += times * _loss_in_sympy(*sample).item()
    gradients = map_leaves(lambda *each: sum(each) / len(x), *slopes)
    return total / len(x), gradients, mpmath.mpf(10) ** -28 * _steepness(gradients)


def _in_differences(x: Array, y: Array, layers: Layers) -> tuple[Any, Layers, Any]:
    gradients, bounds = _by_differences(x, y, layers)
    loss = _l1_alone(*high([x, y, layers])).value
    return loss, gradients, max(bound for leaf in leaves(bounds) for bound in leaf.ravel())


def _steepness(gradients: Layers) -> Any:
    return 1 + sum(abs(g) for leaf in leaves(gradients) for g in leaf.ravel())


def _descent(slope: Callable[..., tuple[Any, Layers, Any]]) -> Callable[..., tuple[Tree, Tree]]:
    """Gradient descent in raised precision; `slope` gives (loss, gradients, its own error)."""

    def values(
        x: Array,
        y: Array,
        parameters: Parameters,
        *,
        epochs: int,
        learning_rate: float = 0.001,
        ask: str = "numbers",
        dtype: str = "float64",
        device: str = "",
        calls: int = 1,
    ) -> tuple[Tree, Tree]:
        if ask != "numbers":
            return _in_words(ask, device, dtype)
        rate = mpmath.mpf(learning_rate)
        x, y, theta = map_leaves(plain, high([x, y, _layers(parameters)]))
        losses, bounds, slack = [], [], mpmath.mpf(0)
        growth = _GROWTH if len(theta) > 1 else 1
        for _ in range(calls * epochs):
            loss, gradients, error = slope(x, y, theta)
            losses.append(loss)
            bounds.append(error + 2 * slack * _steepness(gradients))
            theta = map_leaves(lambda t, g: t - rate * g, theta, gradients)
            slack = growth * slack + rate * error
        bound = dict.fromkeys(parameters, slack)
        where = _place(device) | _kind(dtype)
        return {"losses": _as_array(losses[-epochs:]), **_state(theta), **where}, {
            "losses": _as_array(bounds[-epochs:]),
            **bound,
            **where,
        }

    return values


def _in_words(ask: str, device: str, dtype: str) -> tuple[Tree, Tree]:
    """The words of the contract."""
    kinds = {"losses": "numbers", "trained": "the given model"} if ask == "kinds" else {}
    words = kinds | _place(device or ("cpu" if ask == "place" else "")) | _kind(dtype)
    return words, words


def _loop_in_torch(
    model: Any, x: Any, y: Any, *, epochs: int, learning_rate: float = 0.001, device: str = ""
) -> Any:
    """torch's own layers, loss and optimizer."""
    import torch

    there = device or "cpu"
    model.to(there)
    x, y = x.to(there), y.to(there)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _epoch in range(epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.l1_loss(model(x), y)
        loss.backward()  # type: ignore[no-untyped-call]  # torch's
        optimizer.step()
        losses.append(loss.item())
    return losses


def _driven(*args: Any, **settings: Any) -> Any:
    """What the driver gives for that loop."""
    answer = _trained_in_torch(_loop_in_torch, *map_leaves(np.array, list(args)), **settings)
    return {k: v if isinstance(v, str) else np.asarray(v) for k, v in answer.items()}


def _in_torch(
    *args: Any, ask: str = "numbers", dtype: str = "float64", device: str = "", **settings: Any
) -> Any:
    """Always in float64: it is a witness of the value, in whatever form a learner is given it."""
    if ask == "place":
        named = {"device": device} if device else {}
        return _driven(*args, ask=ask, **named, **settings), _place(device or "cpu")
    answer = _driven(*args, ask=ask, **settings) | _place(device) | _kind(dtype)
    return answer, answer if ask == "kinds" else None


def _in_torch_on_gpu(*args: Any, device: str = "", **settings: Any) -> Any:
    """The very calls that are made on a GPU, in float32 and without TF32."""
    if device != GPU or not cuda.available():
        return None, None
    return _driven(*args, device=device, **settings), None


# --- what is right: build_model ------------------------------------------------------------------


def as_build_model(*layers: str, again: str = "a new model") -> Any:
    """What the driver gives for a model of these layers."""
    return lambda *, ask: again if ask == "again" else f"Sequential({', '.join(layers)})"


def _course_sizes(activation: str = "ReLU", bias: str = "") -> list[str]:
    pairs = [f"Linear({n}, {m}{bias})" for n, m in pairwise((1, 10, 6, 1))]
    return [layer for pair in pairs for layer in (pair, activation)][:-1]


def _build() -> Any:
    from torch import nn

    hidden = [nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 6), nn.ReLU()]
    return nn.Sequential(*hidden, nn.Linear(6, 1))


def _built_in_torch(*, ask: str) -> tuple[Tree, Tree]:
    """torch's own modules, through the driver."""
    words = _described(_build, ask=ask)
    return words, words


def _told_by_torch(*, ask: str) -> tuple[Tree, Tree]:
    """What torch prints of the model, and whether one call's parameters follow another's."""
    import torch

    if ask == "again":
        first, second = _build(), _build()
        before = second(torch.ones(1, 1)).item()
        for parameter in first.parameters():
            parameter.data.add_(1.0)
        same = second(torch.ones(1, 1)).item() != before
        words = "the same model again" if same else "a new model"
    else:
        shown = re.sub(r"in_features=|out_features=|, bias=True|\(\d+\): ", "", repr(_build()))
        lines = [line.strip().replace("ReLU()", "ReLU") for line in shown.splitlines()]
        words = lines[0] + ", ".join(lines[1:-1]) + lines[-1]
    return words, words


def _contract(*, ask: str) -> tuple[Tree, Tree]:
    """The words of the contract."""
    built = "Sequential(Linear(1, 10), ReLU, Linear(10, 6), ReLU, Linear(6, 1))"
    words = {"layers": built, "again": "a new model"}[ask]
    return words, words


# --- cases ------------------------------------------------------------------------------------


def _number(rng: np.random.Generator, low: float, high: float, *shape: int) -> Array:
    return decimals(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape), 2)


def _learnable(x: Array, y: Array, layers: Layers) -> bool:
    """Whether every parameter has a part in the first step, and residuals, where they are enough
    not to cancel in the last bias, have both signs: beside dead units a mistake could hide."""
    h = x
    for W, b in layers[:-1]:
        h = np.maximum(h @ W + b, 0)
        if not h.any(axis=0).all():  # most draws end here
            return False
    residual = h @ layers[-1][0] + layers[-1][1] - y
    if len(x) > 2 and not residual.min() < 0 < residual.max():
        return False
    _, gradients = l1(x, y, layers)
    return all(np.all(np.abs(leaf.astype(float)) > 0.02) for leaf in leaves(gradients))


def _keeps_learning(
    x: Array, y: Array, layers: Layers, learning_rate: float = 0.001, epochs: int = 1
) -> bool:
    """Whether the first layer still learns in every later epoch."""
    for _ in range(epochs - 1):
        layers = _step(layers, l1(x, y, layers)[1], learning_rate)
        if np.max(np.abs(l1(x, y, layers)[1][0][0].astype(float))) < 0.05:
            return False
    return True


def _draw(
    rng: np.random.Generator, samples: int, sizes: Sequence[int] = _SIZES, **rate_and_epochs: Any
) -> tuple[Array, Array, dict[str, Array]]:
    """Data, and parameters of a model that can learn from it; two decimals."""
    while True:
        x, y = _number(rng, 0.3, 1.6, samples, 1), _number(rng, 0.4, 2.5, samples, 1)
        layers = [
            (_number(rng, 0.3, 1.2, n, m), _number(rng, 0.1, 0.8, m)) for n, m in pairwise(sizes)
        ]
        if _learnable(x, y, layers) and _keeps_learning(x, y, layers, **rate_and_epochs):
            return x, y, {name: np.ascontiguousarray(leaf) for name, leaf in _state(layers).items()}


def _rate(rng: np.random.Generator) -> float:
    """Large enough for every mistake to show after a few epochs; nothing else of size 0.001."""
    return float(decimals(rng.uniform(0.25, 0.36), 2))


def _case(
    rng: np.random.Generator,
    id_: str,
    samples: int,
    sizes: Sequence[int] = _SIZES,
    **settings: Any,
) -> Case:
    descent = {k: v for k, v in settings.items() if k in ("learning_rate", "epochs")}
    return _on(_draw(rng, samples, sizes, **descent), id_, **settings)


def _on(
    given: tuple[Array, Array, Mapping[str, Array]], id_: str, note: str = "", **settings: Any
) -> Case:
    """The call as it is shown has all numbers where they are few: it can be typed again."""
    x, y, parameters = given
    ours = ("ask", "dtype", "calls")
    said = ", ".join(f"{k}={v!r}" for k, v in settings.items() if k not in ours)
    if len(parameters) == 2 and len(x) <= 2:
        values = {"x": x, "y": y, **parameters}
        note = ", ".join(f"{name} = {value.tolist()}" for name, value in values.items())
    else:
        sizes = [value.shape[1] for value in parameters.values() if value.ndim == 2]
        model = "–".join(map(str, [*sizes, y.shape[1]]))
        samples = "1 sample" if len(x) == 1 else f"{len(x)} samples"
        note = f"{samples} and a {model} model" + note
    again = ", called twice," if settings.get("calls") == 2 else ""
    shown = f"train(model, x, y, {said}){again} with {note}"
    return Case("train", (x, y, dict(parameters)), settings, id_, shown)


def layers_of_model(rng: np.random.Generator) -> list[Case]:
    return [Case("build_model", (), {"ask": "layers"}, shown="build_model()")]


def another_model(rng: np.random.Generator) -> list[Case]:
    return [Case("build_model", (), {"ask": "again"}, shown="build_model(), called twice")]


_LINE = (1, 1)
"""A model of one Linear layer: few enough numbers to follow by hand."""


def one_epoch(rng: np.random.Generator) -> list[Case]:
    return [
        _case(rng, "a line", 2, _LINE, epochs=1, learning_rate=_rate(rng)),
        _case(rng, "four samples", 4, epochs=1, learning_rate=_rate(rng)),
    ]


def trajectory(rng: np.random.Generator) -> list[Case]:
    return [
        _case(rng, "a line, two epochs", 2, _LINE, epochs=2, learning_rate=_rate(rng)),
        _case(rng, "two epochs", 3, epochs=2, learning_rate=_rate(rng)),
        _case(rng, "five epochs", 5, epochs=5, learning_rate=_rate(rng)),
    ]


def kinds(rng: np.random.Generator) -> list[Case]:
    """With several layers: what torch refuses there (a step between the prediction and `backward`,
    say) it lets pass for a line, and only its own words explain it."""
    once: dict[str, Any] = {"epochs": 1, "learning_rate": _rate(rng), "device": "meta"}
    return [
        _case(rng, "in words", 3, epochs=2, learning_rate=_rate(rng), ask="kinds"),
        replace(_case(rng, "another device", 3, **once, ask="place"), part="device"),
    ]


def _model(*layers: tuple[list[list[float]], list[float]]) -> dict[str, Array]:
    return _state([(np.array(W), np.array(b)) for W, b in layers])


def _as_in_the_course(rng: np.random.Generator) -> tuple[Array, Array, dict[str, Array]]:
    """Points of the parabola, and a model whose gradient is longer than 100, as there: who
    limits it takes a far smaller step. No unit is near its kink, no target near its prediction."""
    x = decimals(np.array([[12.0], [-11.0], [9.0]]) + rng.uniform(-0.5, 0.5, (3, 1)), 2)
    y = decimals(8 * x * x + 7 * x + 3, 2)
    first = [[2.5, -2.0, 3.0]], [0.5, 0.75, -0.25]
    second = [[3.0, 1.5], [2.0, 2.5], [-1.0, 2.0]], [0.5, -0.5]
    return x, y, _model(first, second, ([[2.0], [3.0]], [0.25]))


def _many(rng: np.random.Generator) -> tuple[Array, Array, dict[str, Array]]:
    """More samples than anybody takes at once who does not take them all; twenty of them, again
    and again. Every step but one for them all is too large or too small: no residual of a line
    changes its sign on the way, so its gradient is the same for every batch or nearly so."""
    x = _number(rng, 0.3, 1.6, 20, 1)
    y = decimals(0.5 * x + 0.25 + np.where(np.arange(20) % 4 == 0, -9.0, 6.0)[:, None], 2)
    return np.tile(x, (26, 1)), np.tile(y, (26, 1)), _model(([[0.5]], [0.25]))


def _there_and_back() -> tuple[Array, Array, dict[str, Array]]:
    """One sample, whose residual with a rate of 0.25 is by turns 0.25 and −0.5625, without any
    rounding: no loss is ever lower than the first."""
    return np.array([[1.5]]), np.array([[0.75]]), _model(([[0.5]], [0.25]))


def _tiny(rng: np.random.Generator) -> tuple[Array, Array, dict[str, Array]]:
    """Losses of a few thousand-millionths, which a step takes down by a thousandth of that: who
    takes either for nothing stops too early."""
    x, y = (decimals(1e-9 * rng.uniform(1.0, 2.0, (2, 1)), 11) for _ in "xy")
    return x, -y, _model(([[0.5]], [1e-9]))


def forms(rng: np.random.Generator) -> list[Case]:
    """What shows in few samples and few epochs has lost its points already."""
    x, y, parameters = _draw(rng, 4)
    wide = np.repeat(np.hstack([x, y]), 2, axis=0)
    rate = _rate(rng)
    once: dict[str, Any] = {"epochs": 1, "learning_rate": rate}
    columns = wide[::2, :1], wide[::2, 1:], parameters
    return [
        _case(rng, "one sample", 1, **once),
        _on(_as_in_the_course(rng), "no learning rate given", ", of the course's size", epochs=1),
        _on(_draw(rng, 3), "a device given", **once, device="cpu"),
        _on(_draw(rng, 3), "no device given", ", where there is a GPU", **once, ask="place"),
        _on(_draw(rng, 3), "float32", ", all of dtype float32", **once, dtype="float32"),
        _on(columns, "views", ", x and y views of a table", **once),
        _case(rng, "trained before", 3, **once, calls=2),
        _on(_many(rng), "many samples", **once),
        _on(_there_and_back(), "many epochs", epochs=110, learning_rate=0.25),
        _on(_tiny(rng), "tiny losses", epochs=3, learning_rate=1e-12),
    ]


def on_gpu(rng: np.random.Generator) -> list[Case]:
    """Two epochs, which tell every mistake from every other."""
    descent: dict[str, Any] = {"epochs": 2, "learning_rate": _rate(rng)}
    form: dict[str, Any] = {**descent, "device": GPU, "dtype": "float32"}
    note = ", all of dtype float32"
    return [
        _on(_draw(rng, 3, **descent), "GPU, in words", note, **form, ask="kinds"),
        _on(_draw(rng, 5, **descent), "GPU", note, **form),
    ]


def again(rng: np.random.Generator) -> list[Case]:
    """So many samples that another order is hardly ever their own."""
    return [_case(rng, "twice", 8, epochs=1, learning_rate=_rate(rng))]


# --- what is misunderstood --------------------------------------------------------------------


def gradients_accumulate(
    x: Any, y: Any, layers: Layers, rate: Any, epochs: int, kept: float = 1.0
) -> tuple[Any, Layers]:
    """What was there is kept, as a whole or a part of it, and the new gradient added."""
    losses, total = [], None
    for _ in range(epochs):
        loss, gradients = l1(x, y, layers)
        total = gradients if total is None else _sum(_scaled(total, kept), gradients)
        losses.append(loss)
        layers = _step(layers, total, rate)
    return _as_array(losses), layers


def momentum(x: Any, y: Any, layers: Layers, rate: Any, epochs: int) -> tuple[Any, Layers]:
    return gradients_accumulate(x, y, layers, rate, epochs, kept=0.9)


_quotient = np.frompyfunc(lambda m, v: m / (np.sqrt(v) + 1e-8) if v > 0 else m, 2, 1)


def adam(x: Any, y: Any, layers: Layers, rate: Any, epochs: int) -> tuple[Any, Layers]:
    """Kingma and Ba (2015), algorithm 1, with torch's settings."""
    losses, first, second = [], None, None
    for t in range(1, epochs + 1):
        loss, gradients = l1(x, y, layers)
        losses.append(loss)
        squares = [(dW * dW, db * db) for dW, db in gradients]
        first = _sum(_scaled(first or _scaled(gradients, 0), 0.9), _scaled(gradients, 0.1))
        second = _sum(_scaled(second or _scaled(squares, 0), 0.999), _scaled(squares, 0.001))
        m = _scaled(first, 1 / (1 - 0.9**t))
        v = _scaled(second, 1 / (1 - 0.999**t))
        moves = [(_quotient(a, c), _quotient(b, d)) for (a, b), (c, d) in zip(m, v, strict=True)]
        layers = _step(layers, moves, rate)
    return _as_array(losses), layers


def _decayed(layers: Layers, gradients: Layers, rate: Any) -> Layers:
    return _step(layers, _sum(gradients, _scaled(layers, 0.01)), rate)


def _smooth(r: Any) -> Any:
    return _each_smooth(r)


_each_smooth = np.frompyfunc(lambda r: 0.5 * r * r if abs(r) < 1 else abs(r) - 0.5, 1, 1)
_smooth_slope = np.frompyfunc(lambda r: r if abs(r) < 1 else (1.0 if r > 0 else -1.0), 1, 1)

mse = _slope_of(lambda r: r * r, lambda r: 2 * r)
smooth_l1 = _slope_of(_smooth, _smooth_slope)


def summed(x: Any, y: Any, layers: Layers) -> tuple[Any, Layers]:
    loss, gradients = l1(x, y, layers)
    return loss * len(x), _scaled(gradients, len(x))


def every_pair(x: Any, y: Any, layers: Layers) -> tuple[Any, Layers]:
    """(n, 1) − (n,) is (n, n): every prediction against every target."""
    pairs = network.trace(x, layers, "relu")
    residuals = pairs[-1][1] - y.T
    delta = _side(residuals).sum(axis=1, keepdims=True) / (len(x) * len(x))
    return abs(residuals).sum() / (len(x) * len(x)), _backward(x, layers, pairs, delta)


def loss_after_update(x: Any, y: Any, layers: Layers, rate: Any, epochs: int) -> tuple[Any, Layers]:
    losses = loop()(x, y, layers, rate, epochs + 1)[0]
    _, layers = loop()(x, y, layers, rate, epochs)
    return losses[1:], layers


def step_before_backward(
    x: Any, y: Any, layers: Layers, rate: Any, epochs: int
) -> tuple[Any, Layers]:
    """Each step uses the gradient of the epoch before, so the last is never taken."""
    losses, _ = loop()(x, y, layers, rate, epochs)
    return losses, loop()(x, y, layers, rate, epochs - 1)[1]


def never_steps(x: Any, y: Any, layers: Layers, rate: Any, epochs: int) -> tuple[Any, Layers]:
    return _as_array([l1(x, y, layers)[0]] * epochs), layers


def other_model_trained(
    x: Any, y: Any, layers: Layers, rate: Any, epochs: int
) -> tuple[Any, Layers]:
    """A copy; the losses of a new model are anybody's guess."""
    return loop()(x, y, layers, rate, epochs)[0], layers


def _only_last(layers: Layers, gradients: Layers, rate: Any) -> Layers:
    return [*layers[:-1], *_step(layers[-1:], gradients[-1:], rate)]


def _other_epochs(change: int) -> Loop:
    return lambda x, y, layers, rate, epochs: loop()(x, y, layers, rate, epochs + change)


def _noted(change: Callable[[Any], Any]) -> Loop:
    """Trained as it should be, with something else for the losses."""

    def run(x: Any, y: Any, layers: Layers, rate: Any, epochs: int) -> tuple[Any, Layers]:
        losses, layers = loop()(x, y, layers, rate, epochs)
        return change(losses), layers

    return run


def _wrong(run: Loop, **words: str) -> Any:
    """`as_train` for the first two epochs, which tell every mistake that is not a small one. Some
    of these loops run away after that, and past kinks as they do."""

    def early(*args: Any, epochs: int, **settings: Any) -> dict[str, Any]:
        if epochs > 2:
            raise ValueError("told apart by fewer epochs")
        wrong: dict[str, Any] = as_train(run, **words)(*args, epochs=epochs, **settings)
        return wrong

    return early


TRAIN_MISCONCEPTIONS = (
    Misconception(
        "gradients-accumulate",
        "From the second epoch on, the gradients of earlier ones are still there: `backward` adds "
        "to what it finds in `.grad`. Which call empties it, and where does it belong?",
        _wrong(gradients_accumulate),
    ),
    Misconception(
        "never-steps",
        "The loss stays the same and so does the model. Three calls turn a loss into an update: "
        "are all there, and does nothing empty the gradients between `backward` and `step`?",
        _wrong(never_steps, trained="no model"),
    ),
    Misconception(
        "step-before-backward",
        "Each step uses the gradient of the epoch before, so the last one is never used. What has "
        "to come first: the gradient, or the step that needs it?",
        _wrong(step_before_backward),
    ),
    Misconception(
        "other-model-trained",
        "The losses change, and the model that was given does not: another one is trained. "
        "Whose parameters did the optimizer get?",
        _wrong(other_model_trained, trained="another model"),
    ),
    Misconception(
        "last-layer-only",
        "Only the last Linear layer learns. Which parameters does the optimizer know about?",
        _wrong(loop(step=_only_last)),
    ),
    Misconception(
        "mse",
        "The losses are means of squares. Which loss does the statement ask for, and what does it "
        "do with a residual?",
        _wrong(loop(mse)),
    ),
    Misconception(
        "smooth-l1",
        "This loss is rounded off near 0 (SmoothL1Loss, HuberLoss). Asked for is plain L1Loss.",
        _wrong(loop(smooth_l1)),
    ),
    Misconception(
        "loss-summed",
        "Loss and steps grow with the number of samples. What does L1Loss do with them when "
        "nothing else is said?",
        _wrong(loop(summed)),
    ),
    Misconception(
        "every-pair",
        "Every prediction is held against every target. What shape comes out when (n,) meets "
        "(n, 1)? Print the shapes of what goes into the loss.",
        _wrong(loop(every_pair)),
    ),
    Misconception(
        "rate-hard-coded",
        "The step always uses 0.001. Where does `learning_rate` go?",
        _wrong(lambda x, y, layers, rate, epochs: loop()(x, y, layers, 0.001, epochs)),
    ),
    Misconception(
        "ascent",
        "Each step goes uphill. The gradient points to where the loss grows; which way is down?",
        _wrong(lambda x, y, layers, rate, epochs: loop()(x, y, layers, -rate, epochs)),
    ),
    Misconception(
        "momentum",
        "Part of the previous step is carried into the next: that is momentum. The statement asks "
        "for SGD without it.",
        _wrong(momentum),
    ),
    Misconception(
        "adam",
        "These are the steps of Adam. The statement asks for SGD, where the size of a step follows "
        "from the gradient.",
        _wrong(adam),
    ),
    Misconception(
        "weight-decay",
        "The weights shrink a little at every step: that is weight decay. The statement asks for "
        "SGD without it.",
        as_train(loop(step=_decayed)),
    ),
    Misconception(
        "loss-after-update",
        "These are the losses after each update. The loss of an epoch is the one that its gradient "
        "was computed from.",
        _wrong(loss_after_update),
    ),
    Misconception(
        "losses-add-up",
        "Each entry is the sum of all losses so far. Asked for is the loss of each epoch alone.",
        _wrong(_noted(np.add.accumulate)),
    ),
    Misconception(
        "only-last-loss",
        "One number came back. Asked for is a list with one of every epoch.",
        _wrong(_noted(lambda losses: losses[-1]), losses="one number"),
    ),
    Misconception(
        "one-epoch-short",
        "One epoch is missing. Where does your range start?",
        _wrong(_other_epochs(-1)),
    ),
    Misconception(
        "one-epoch-more",
        "There is one epoch too many. Where does your range end?",
        _wrong(_other_epochs(1)),
    ),
    Misconception(
        "losses-are-tensors",
        "The losses are tensors, and each may keep the graph of its epoch in memory. Which method "
        "of a tensor with one entry gives a plain number?",
        _wrong(loop(), losses="tensors"),
    ),
    Misconception(
        "device-ignored",
        "Afterwards the model is not on the device that was named. What moves a model there, does "
        "it stay, and does anything but `device` decide where?",
        _wrong(loop(), kept_on="cpu"),
    ),
)

MODEL_MISCONCEPTIONS = (
    Misconception(
        "relu-missing",
        "There is nothing between the Linear layers. A line of a line of a line is a line: what "
        "has to come in between?",
        as_build_model(*_course_sizes()[::2]),
    ),
    Misconception(
        "second-relu-missing",
        "The last two Linear layers follow one another directly, so together they are no more "
        "than one.",
        as_build_model(*_course_sizes()[:3], *_course_sizes()[4:]),
    ),
    Misconception(
        "relu-at-the-end",
        "A ReLU follows the last layer, so the model can never predict a negative number.",
        as_build_model(*_course_sizes(), "ReLU"),
    ),
    Misconception(
        "sigmoid-for-relu",
        "Between the layers stand sigmoids. Which activation does the statement ask for?",
        as_build_model(*_course_sizes("Sigmoid")),
    ),
    Misconception(
        "biases-missing",
        "The layers have no bias, so for x = 0 the model can say nothing but 0.",
        as_build_model(*_course_sizes(bias=", bias=False")),
    ),
    Misconception(
        "sizes-turned-round",
        "The sizes are the wrong way round. nn.Linear takes what comes in first: how many numbers "
        "does one sample have?",
        as_build_model("Linear(10, 1)", "ReLU", "Linear(6, 10)", "ReLU", "Linear(1, 6)"),
    ),
    Misconception(
        "output-layer-missing",
        "The model ends with a hidden layer: six numbers come out for every sample. How many "
        "should?",
        as_build_model(*_course_sizes()[:4]),
    ),
    Misconception(
        "same-model-again",
        "A second call gives the same model, trained or not. Where is it made: inside the "
        "function, or once outside?",
        as_build_model(*_course_sizes(), again="the same model again"),
    ),
)


EXERCISE = Exercise(
    id="exercise-11",
    title="Training with PyTorch",
    topic="Training",
    builds_on=("exercise-5",),
    packages=("numpy", "torch"),
    functions=(
        Function(
            "build_model",
            "build_model()",
            reference=as_build_model(*_course_sizes()),
            witnesses=(
                Witness("contract", _contract),
                Witness("torch", _built_in_torch),
                Witness("torch's own words", _told_by_torch),
            ),
            misconceptions=MODEL_MISCONCEPTIONS,
            driver=describe_model,
        ),
        Function(
            "train",
            'train(model, x, y, *, epochs, learning_rate=0.001, device="cpu")',
            reference=as_train(loop()),
            also_right=(as_train(loop(l1_divided_last)),),
            witnesses=(
                Witness("sympy", _descent(_in_sympy)),
                Witness("finite differences", _descent(_in_differences)),
                Witness("torch", _in_torch),
                Witness("torch on a GPU, in float32", _in_torch_on_gpu, on_gpu=True, single=True),
            ),
            misconceptions=TRAIN_MISCONCEPTIONS,
            driver=train_given_model,
        ),
    ),
    checks=(
        Check("layers", "build_model: the layers", 1.5, Tier.VALUE, layers_of_model),
        Check("another", "build_model: a new model at every call", 0.5, Tier.VALUE, another_model),
        Check("kinds", "train: model and device as given, numbers back", 1.0, Tier.VALUE, kinds),
        Check("one-epoch", "train: one epoch", 1.5, Tier.VALUE, one_epoch),
        Check("trajectory", "train: several epochs", 3.0, Tier.VALUE, trajectory),
        Check("precision", "train: all digits", 1.0, Tier.PRECISION, of="trajectory"),
        Check("forms", "one sample, many, defaults, float32, views", 1.0, Tier.INTERFACE, forms),
        Check("purity", "x and y unchanged, same answer again", 0.5, Tier.PURITY, again),
        Check("gpu", "train: on a GPU, in float32", 0.0, Tier.VALUE, on_gpu, on_gpu=True),
    ),
    hints=(
        "`nn.Sequential(a, b, c)` calls its modules one after the other. `nn.Linear(inputs, "
        "outputs)` takes two sizes; the outputs of one are the inputs of the next.",
        "Before the loop: the model, x and y go to the device (`.to(device)`: a model moves "
        "itself, of a tensor you get another), then one loss function and one optimizer over "
        "`model.parameters()`.",
        "An epoch in order: predict, compute the loss, empty the gradients, go backward, step. "
        "`backward` adds to the gradients that are there, which is why they have to be emptied.",
        "The loss is a tensor that remembers how it was computed; `loss.item()` is the number "
        "alone. The number belongs to the model as it was before the step.",
        "Compare `model(x).shape` with `y.shape`. Where they differ, broadcasting makes a table of "
        "them, and the loss is a mean over the table.",
    ),
)
