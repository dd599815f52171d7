"""Kernels with one bug each, and kernels without; `cases` says which is which.

Run by tests/kernels and by benchmarks/kernels.py, under our own simulator and under numba's.
"""

import math

import numpy as np
from numba import cuda, float32

TILE = 16

# --- barriers and races within a block ----------------------------------------------------------


@cuda.jit
def mirror_without_barrier(x, out):
    t = cuda.threadIdx.x
    line = cuda.shared.array(32, float32)
    line[t] = x[t]
    out[t] = line[31 - t]


@cuda.jit
def product_without_first_barrier(X, W, out):
    a = cuda.shared.array((TILE, TILE), float32)
    b = cuda.shared.array((TILE, TILE), float32)
    j, i = cuda.grid(2)
    tj, ti = cuda.threadIdx.x, cuda.threadIdx.y
    total = float32(0)
    for s in range(0, X.shape[1], TILE):
        a[ti, tj] = X[i, s + tj]
        b[ti, tj] = W[s + ti, j]
        for k in range(TILE):
            total += a[ti, k] * b[k, tj]
        cuda.syncthreads()
    out[i, j] = total


@cuda.jit
def product_without_second_barrier(X, W, out):
    a = cuda.shared.array((TILE, TILE), float32)
    b = cuda.shared.array((TILE, TILE), float32)
    j, i = cuda.grid(2)
    tj, ti = cuda.threadIdx.x, cuda.threadIdx.y
    total = float32(0)
    for s in range(0, X.shape[1], TILE):
        a[ti, tj] = X[i, s + tj]
        b[ti, tj] = W[s + ti, j]
        cuda.syncthreads()
        for k in range(TILE):
            total += a[ti, k] * b[k, tj]
    out[i, j] = total


@cuda.jit
def halving_without_barrier(x, out):
    t = cuda.threadIdx.x
    part = cuda.shared.array(64, float32)
    part[t] = x[cuda.grid(1)]
    cuda.syncthreads()
    s = 32
    while s > 0:
        if t < s:
            part[t] += part[t + s]
        s //= 2
    if t == 0:
        out[cuda.blockIdx.x] = part[0]


@cuda.jit
def halving_trusts_the_warp(x, out):
    """Below 32 threads no barrier: a habit from before warps ran their threads independently."""
    t = cuda.threadIdx.x
    part = cuda.shared.array(64, float32)
    part[t] = x[cuda.grid(1)]
    cuda.syncthreads()
    if t < 32:
        part[t] += part[t + 32]
    cuda.syncthreads()
    s = 16
    while s > 0:
        if t < s:
            part[t] += part[t + s]
        s //= 2
    if t == 0:
        out[cuda.blockIdx.x] = part[0]


@cuda.jit
def halving_with_barrier_for_some(x, out):
    t = cuda.threadIdx.x
    part = cuda.shared.array(64, float32)
    part[t] = x[cuda.grid(1)]
    cuda.syncthreads()
    s = 32
    while s > 0:
        if t < s:
            part[t] += part[t + s]
            cuda.syncthreads()
        s //= 2
    if t == 0:
        out[cuda.blockIdx.x] = part[0]


@cuda.jit
def running_sum_in_place(x, out):
    t = cuda.threadIdx.x
    line = cuda.shared.array(32, float32)
    line[t] = x[t]
    cuda.syncthreads()
    s = 1
    while s < 32:
        if t >= s:
            line[t] += line[t - s]
        cuda.syncthreads()
        s *= 2
    out[t] = line[t]


@cuda.jit
def sum_of_all_threads_plainly(x, out):
    t = cuda.threadIdx.x
    total = cuda.shared.array(1, float32)
    if t == 0:
        total[0] = 0
    cuda.syncthreads()
    total[0] += x[t]
    cuda.syncthreads()
    if t == 0:
        out[0] = total[0]


@cuda.jit
def atomic_read_too_early(x, out):
    t = cuda.threadIdx.x
    total = cuda.shared.array(1, float32)
    if t == 0:
        total[0] = 0
    cuda.syncthreads()
    cuda.atomic.add(total, 0, x[t])
    out[t] = total[0]


@cuda.jit
def return_before_barrier(x, out):
    i = cuda.grid(1)
    line = cuda.shared.array(16, float32)
    if i >= x.size:
        return
    line[cuda.threadIdx.x] = x[i]
    cuda.syncthreads()
    out[i] = 2 * line[cuda.threadIdx.x]


@cuda.jit
def barrier_for_half_a_block(x, out):
    t = cuda.threadIdx.x
    if t < 16:
        cuda.syncthreads()
    out[t] = x[t]


@cuda.jit
def barriers_in_branches(x, out):
    t = cuda.threadIdx.x
    if t < 16:
        cuda.syncthreads()
    else:
        cuda.syncthreads()
    out[t] = x[t]


@cuda.jit
def barrier_by_one_more_round(x, out):
    t = cuda.threadIdx.x
    for _ in range(1 + t % 2):
        cuda.syncthreads()
    out[t] = x[t]


# --- between blocks -----------------------------------------------------------------------------


@cuda.jit
def blocks_share_a_total(x, out):
    if cuda.blockIdx.x == 0:
        out[0] = x[0]
    else:
        out[0] += x[cuda.blockIdx.x]


@cuda.jit
def stride_of_one_block(x, out):
    for i in range(cuda.threadIdx.x, x.size, cuda.blockDim.x):
        out[i] = 2 * x[i]


@cuda.jit
def neighbour_of_another_block(x, out):
    i = cuda.grid(1)
    out[i] = x[i]
    cuda.syncthreads()
    if i > 0 and cuda.threadIdx.x == 0:
        out[i] = x[i] + 0 * out[i - 1]


# --- memory -------------------------------------------------------------------------------------


@cuda.jit
def no_guard(x, out):
    i = cuda.grid(1)
    out[i] = 2 * x[i]


@cuda.jit
def guard_one_too_far(x, out):
    i = cuda.grid(1)
    if i <= x.size:
        out[i] = 2 * x[i]


@cuda.jit
def right_neighbour_beyond_the_end(x, out):
    i = cuda.grid(1)
    if i < x.size:
        right = x[i + 1]
        out[i] = right - x[i] if i < x.size - 1 else x[0] - x[i]


@cuda.jit
def left_neighbour_below_zero(x, out):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = x[i] - x[i - 1]


@cuda.jit
def rows_and_columns_swapped(X, out):
    i, j = cuda.grid(2)
    if i < X.shape[1] and j < X.shape[0]:
        out[i, j] = 2 * X[i, j]


@cuda.jit
def tile_not_filled(x, out):
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    line = cuda.shared.array(16, float32)
    if i < x.size:
        line[t] = x[i]
    cuda.syncthreads()
    if i < x.size:
        total = float32(0)
        for k in range(16):
            total += line[k]
        out[i] = total


@cuda.jit
def largest_of_a_tile_not_filled(x, out):
    """A comparison with what happens to be there leaves no trace in the numbers."""
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    line = cuda.shared.array(16, float32)
    if i < x.size:
        line[t] = x[i]
    cuda.syncthreads()
    if i < x.size:
        largest = x[i]
        for k in range(16):
            if line[k] > largest:
                largest = line[k]
        out[i] = largest


@cuda.jit
def only_the_first_block_fills(x, out):
    """As if shared memory outlived a block."""
    factor = cuda.shared.array(1, float32)
    if cuda.grid(1) == 0:
        factor[0] = 2
    cuda.syncthreads()
    out[cuda.grid(1)] = factor[0] * x[cuda.grid(1)]


@cuda.jit
def local_sum_not_begun(x, out):
    total = cuda.local.array(1, float32)
    for k in range(x.size):
        total[0] += x[k]
    out[cuda.grid(1)] = total[0]


@cuda.jit
def sums_into_output(X, out):
    i = cuda.grid(1)
    if i < out.size:
        for k in range(X.shape[1]):
            out[i] += X[i, k]


@cuda.jit
def only_the_first_block_writes(x, out):
    i = cuda.threadIdx.x
    if cuda.blockIdx.x == 0:
        out[i] = 2 * x[i]


@cuda.jit
def overwrites_its_input(x, out):
    i = cuda.grid(1)
    if i < x.size:
        x[i] *= 2
        out[i] = x[i]


@cuda.jit
def more_shared_memory_than_there_is(x, out):
    all_ = cuda.shared.array((128, 128), float32)
    t = cuda.threadIdx.x
    all_[t, t] = x[t]
    out[t] = all_[t, t]


# --- what a GPU does not have -------------------------------------------------------------------


@cuda.jit
def list_that_grows(x, out):
    i = cuda.grid(1)
    found = []
    found.append(x[i])
    out[i] = 2 * found[0]


@cuda.jit
def dict_by_name(x, out):
    i = cuda.grid(1)
    known = {"x": x[i]}
    out[i] = 2 * known["x"]


@cuda.jit
def try_and_except(x, out):
    i = cuda.grid(1)
    try:
        out[i] = 2 * x[i]
    except Exception:
        out[i] = 0


@cuda.jit
def numpy_inside(x, out):
    i = cuda.grid(1)
    out[i] = 2 * x[i] + 0 * np.linalg.norm(np.ones(2))


@cuda.jit
def text_inside(x, out):
    i = cuda.grid(1)
    out[i] = 2 * float(f"{float(x[i])}")


# --- kernels that hold --------------------------------------------------------------------------


@cuda.jit
def guarded(x, out):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = 2 * x[i]


@cuda.jit
def grid_stride(x, out):
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        out[i] = 2 * x[i]


@cuda.jit
def product_in_tiles(X, W, out):
    a = cuda.shared.array((TILE, TILE), float32)
    b = cuda.shared.array((TILE, TILE), float32)
    j, i = cuda.grid(2)
    tj, ti = cuda.threadIdx.x, cuda.threadIdx.y
    total = float32(0)
    for s in range(0, X.shape[1], TILE):
        a[ti, tj] = X[i, s + tj] if i < X.shape[0] and s + tj < X.shape[1] else 0
        b[ti, tj] = W[s + ti, j] if s + ti < W.shape[0] and j < W.shape[1] else 0
        cuda.syncthreads()
        for k in range(TILE):
            total += a[ti, k] * b[k, tj]
        cuda.syncthreads()
    if i < out.shape[0] and j < out.shape[1]:
        out[i, j] = total


@cuda.jit
def halving(x, out):
    t = cuda.threadIdx.x
    part = cuda.shared.array(64, float32)
    part[t] = x[cuda.grid(1)]
    cuda.syncthreads()
    s = 32
    while s > 0:
        if t < s:
            part[t] += part[t + s]
        cuda.syncthreads()
        s //= 2
    if t == 0:
        out[cuda.blockIdx.x] = part[0]


@cuda.jit
def running_sum_with_two_lines(x, out):
    t = cuda.threadIdx.x
    here, there = cuda.shared.array(32, float32), cuda.shared.array(32, float32)
    here[t] = x[t]
    cuda.syncthreads()
    s = 1
    while s < 32:
        there[t] = here[t] + here[t - s] if t >= s else here[t]
        cuda.syncthreads()
        here[t] = there[t]
        cuda.syncthreads()
        s *= 2
    out[t] = here[t]


@cuda.jit
def count_atomically(x, out):
    t = cuda.threadIdx.x
    count = cuda.shared.array(2, float32)
    if t < 2:
        count[t] = 0
    cuda.syncthreads()
    cuda.atomic.add(count, 1 if x[cuda.grid(1)] > 0 else 0, 1)
    cuda.syncthreads()
    if t < 2:
        out[cuda.blockIdx.x, t] = count[t]


@cuda.jit
def transposed_by_tiles(X, out):
    tile = cuda.shared.array((TILE, TILE), float32)
    j, i = cuda.grid(2)
    tj, ti = cuda.threadIdx.x, cuda.threadIdx.y
    if i < X.shape[0] and j < X.shape[1]:
        tile[ti, tj] = X[i, j]
    cuda.syncthreads()
    row, column = cuda.blockIdx.x * TILE + ti, cuda.blockIdx.y * TILE + tj
    if row < out.shape[0] and column < out.shape[1]:
        out[row, column] = tile[tj, ti]


@cuda.jit(device=True)
def in_turn(line, value, t):
    line[t] = value
    cuda.syncthreads()
    found = line[line.size - 1 - t]
    cuda.syncthreads()
    return found


@cuda.jit
def barriers_in_a_device_function(x, out):
    t = cuda.threadIdx.x
    line = cuda.shared.array(32, float32)
    once = in_turn(line, x[t], t)
    out[t] = in_turn(line, once, t) + math.floor(0.5)


@cuda.jit
def threads_outside_read_in_vain(x, out):
    """What they sum up goes nowhere."""
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    line = cuda.shared.array(16, float32)
    if i < x.size:
        line[t] = x[i]
    cuda.syncthreads()
    total = line[t] + line[t]
    if i < x.size:
        out[i] = total


@cuda.jit
def all_threads_write_the_same(x, out):
    factor = cuda.shared.array(1, float32)
    factor[0] = 2
    cuda.syncthreads()
    i = cuda.grid(1)
    if i < x.size:
        out[i] = x[i] * factor[0]
