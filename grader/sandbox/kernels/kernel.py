"""What `@cuda.jit` makes of a function. Imports next to nothing: every worker knows the class."""

from __future__ import annotations

from typing import Any


class Kernel:
    """A function for the GPU: `kernel[blocks, threads](...)` runs it here, watched."""

    def __init__(self, function: Any, *, device: bool) -> None:
        self.py_func = function
        self.device = device
        """It is called by kernels, not launched."""
        self.accepted = False
        """The compiler has been asked, and takes it."""
        for name in ("__name__", "__qualname__", "__doc__", "__module__"):
            setattr(self, name, getattr(function, name, None))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from . import block

        if block.now is None:
            raise TypeError(
                f"{self.py_func.__name__} is a kernel: "
                "launch it as kernel[blocks, threads](...), or call it from another kernel"
            )
        return self.py_func(*args, **kwargs)

    def __getitem__(self, configuration: Any) -> Any:
        grid, threads, *_ = configuration

        def launch(*args: Any) -> None:
            from .launch import of_the_learners_own

            of_the_learners_own(self, grid, threads, args)

        return launch
