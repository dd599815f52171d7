"""For every kernel of `planted`: how it is launched, what it should give, and what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SOURCE = Path(__file__).with_name("planted.py")


@dataclass(frozen=True)
class Planted:
    kernel: str
    bug: str | None
    """The fault that it is; None for a kernel that holds."""
    grid: tuple[int, ...]
    threads: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...]
    """Of the inputs."""
    shape: tuple[int, ...]
    """Of the output."""
    right: Callable[..., Any]

    def inputs(self) -> list[Any]:
        rng = np.random.default_rng(15)
        return [rng.uniform(0.5, 2, s) * rng.choice([-1, 1], s) for s in self.shapes]


def _line(kernel: str, bug: str | None, blocks: int, threads: int, n: int, right: Any) -> Planted:
    return Planted(kernel, bug, (blocks,), (threads,), ((n,),), (n,), right)


def _sums(kernel: str, bug: str | None) -> Planted:
    return Planted(
        kernel, bug, (2,), (64,), ((128,),), (2,), lambda x: x.reshape(2, 64).sum(axis=1)
    )


def _product(kernel: str, bug: str | None, m: int, n: int, k: int) -> Planted:
    blocks = -(-max(m, k) // 16)
    grid, threads = (blocks, blocks), (16, 16)
    return Planted(kernel, bug, grid, threads, ((m, n), (n, k)), (m, k), lambda X, W: X @ W)


def _twice(x: Any) -> Any:
    return 2 * x


def _same(x: Any) -> Any:
    return x


CASES = (
    _line("mirror_without_barrier", "race", 1, 32, 32, lambda x: x[::-1]),
    _product("product_without_first_barrier", "race", 16, 32, 16),
    _product("product_without_second_barrier", "race", 16, 32, 16),
    _sums("halving_without_barrier", "race"),
    _sums("halving_trusts_the_warp", "race"),
    _sums("halving_with_barrier_for_some", "barrier-ended"),
    _line("running_sum_in_place", "race", 1, 32, 32, np.cumsum),
    Planted("sum_of_all_threads_plainly", "race", (1,), (32,), ((32,),), (1,), lambda x: [x.sum()]),
    _line("atomic_read_too_early", "race", 1, 32, 32, lambda x: np.full(32, x.sum())),
    _line("return_before_barrier", "barrier-ended", 2, 16, 24, _twice),
    _line("barrier_for_half_a_block", "barrier-ended", 1, 32, 32, _same),
    _line("barriers_in_branches", "barrier-mismatch", 1, 32, 32, _same),
    _line("barrier_by_one_more_round", "barrier-ended", 1, 32, 32, _same),
    Planted(
        "blocks_share_a_total",
        "race-between-blocks",
        (8,),
        (1,),
        ((8,),),
        (1,),
        lambda x: [x.sum()],
    ),
    _line("stride_of_one_block", "race-between-blocks", 2, 16, 32, _twice),
    _line("neighbour_of_another_block", "race-between-blocks", 2, 16, 32, _same),
    _line("no_guard", "out-of-bounds", 2, 16, 24, _twice),
    _line("guard_one_too_far", "out-of-bounds", 2, 16, 24, _twice),
    _line(
        "right_neighbour_beyond_the_end",
        "out-of-bounds",
        2,
        16,
        24,
        lambda x: np.roll(x, -1) - x,
    ),
    _line("left_neighbour_below_zero", "negative-index", 2, 16, 24, lambda x: x - np.roll(x, 1)),
    Planted(
        "rows_and_columns_swapped", "out-of-bounds", (1, 1), (16, 16), ((5, 9),), (5, 9), _twice
    ),
    _line(
        "tile_not_filled",
        "uninitialised",
        2,
        16,
        24,
        lambda x: np.repeat([x[:16].sum(), x[16:].sum()], [16, 8]),
    ),
    _line(
        "largest_of_a_tile_not_filled",
        "uninitialised",
        2,
        16,
        24,
        lambda x: np.repeat([x[:16].max(), x[16:].max()], [16, 8]),
    ),
    _line("only_the_first_block_fills", "uninitialised", 2, 16, 32, _twice),
    _line("local_sum_not_begun", "uninitialised", 1, 8, 8, lambda x: np.full(8, x.sum())),
    Planted(
        "sums_into_output", "output-read", (1,), (16,), ((9, 4),), (9,), lambda X: X.sum(axis=1)
    ),
    _line("only_the_first_block_writes", "not-written", 2, 16, 32, _twice),
    _line("overwrites_its_input", "input-written", 2, 16, 24, _twice),
    _line("more_shared_memory_than_there_is", "shared-size", 1, 32, 32, _same),
    _line("list_that_grows", "types", 1, 32, 32, _twice),
    _line("dict_by_name", "types", 1, 32, 32, _twice),
    _line("try_and_except", "types", 1, 32, 32, _twice),
    _line("numpy_inside", "types", 1, 32, 32, _twice),
    _line("text_inside", "types", 1, 32, 32, _twice),
    _line("guarded", None, 2, 16, 24, _twice),
    _line("grid_stride", None, 3, 8, 30, _twice),
    _product("product_in_tiles", None, 17, 20, 5),
    _sums("halving", None),
    _line("running_sum_with_two_lines", None, 1, 32, 32, np.cumsum),
    Planted(
        "count_atomically",
        None,
        (2,),
        (32,),
        ((64,),),
        (2, 2),
        lambda x: [[(half <= 0).sum(), (half > 0).sum()] for half in (x[:32], x[32:])],
    ),
    Planted("transposed_by_tiles", None, (2, 2), (16, 16), ((20, 30),), (30, 20), lambda X: X.T),
    _line("barriers_in_a_device_function", None, 1, 32, 32, _same),
    _line("threads_outside_read_in_vain", None, 2, 16, 24, _twice),
    _line("all_threads_write_the_same", None, 2, 16, 24, _twice),
)
