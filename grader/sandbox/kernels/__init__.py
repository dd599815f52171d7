"""CUDA kernels on a machine without a GPU: run thread by thread, watched, and type-checked.

It runs in the worker, beside the learner's code: `from numba import cuda` gives them `module`
instead of numba's. Nothing of numba is patched to run a kernel, so a new numba changes nothing
there; numba's own compiler says what a GPU would refuse (`types`).

    faults    what can be wrong with a kernel, as data
    memory    arrays that notice who reads and writes them
    block     the threads of a block, one after the other, from barrier to barrier
    kernel    what `@cuda.jit` makes of a function
    module    what `cuda.` offers
    compiler  numba's compiler, where there is no CUDA
    types     what it says of a kernel: whether it would take it
    check     one kernel on one case, as an exercise asks for it

What it notices is found out in the learner's own process, so somebody who sets out to replace
these modules can silence it, where values would still have to be computed. It is there for
those who want to know whether their kernel holds.
"""
