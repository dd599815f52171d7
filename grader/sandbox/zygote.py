"""Requests for workers in, forked and locked-down workers out. Holds no secrets.

It loads NumPy once, and what a learner may need besides while nobody is waiting. Descriptor 3
is the control socket: a request is the limits, and three descriptors (requests in, replies out,
output out); the answers are "forked", with a pidfd, and "reaped".
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import select
import site
import sys
from _socket import AF_UNIX, SOCK_SEQPACKET, socket
from collections.abc import Sequence

from . import control, imports, lockdown, packages
from .lockdown import Limits
from .syscalls import close_range

CONTROL = 3


def main(config: str) -> None:
    gc.disable()  # nothing here is garbage, and importing NumPy goes faster
    allowed, sites, options = ([*filter(None, x.split("\t"))] for x in config.split("\n"))
    needed = packages.needed(allowed)
    imports.allow(allowed, needed, sites)
    packages.load(allowed)
    Zygote(needed, sites, options).serve()


class Zygote:
    """The zygote's own state: the policy of its workers, and which are alive."""

    def __init__(self, needed: list[str], sites: list[str], options: list[str]) -> None:
        # It imports NumPy, which has to be allowed first.
        from . import worker

        self.worker = worker.main
        self.control = socket(AF_UNIX, SOCK_SEQPACKET, 0, CONTROL)
        self.policy = lockdown.policy(needed, sites, options)
        for required in range(1, self.policy.level):
            if f"required-{required}" in options:
                sys.exit(f"isolation level {required} is required: {self.policy.isolation}")
        self.children: dict[int, tuple[int, int]] = {}
        sealed = self.policy.ruleset is None
        self.later = [*(packages.PRELOAD_SEALED if sealed else packages.PRELOAD)]
        self.preload(len(self.later) if sealed else 0)
        lockdown.undumpable()
        # What the learner can see of the way it was started: no site, so no exit() and quit().
        site.setquit()
        sys.argv = [""]
        sys.dont_write_bytecode = True
        if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
            sys.exit("the zygote has started threads, so it cannot fork safely")

    def preload(self, count: int) -> None:
        for name in self.later[:count]:
            with contextlib.suppress(ImportError):  # some systems leave out parts of Python
                __import__(name)
        del self.later[:count]
        # Collected objects would be copied in every worker, page by page.
        gc.freeze()

    def serve(self) -> None:
        poller = select.poll()
        poller.register(CONTROL, select.POLLIN)
        while True:
            ready = poller.poll(0 if self.later else None)
            if not ready:
                self.preload(1)
            for descriptor, _ in ready:
                if descriptor != CONTROL:
                    poller.unregister(descriptor)
                    self.reap(descriptor)
                elif (pidfd := self.fork()) is not None:
                    poller.register(pidfd, select.POLLIN)
                else:
                    self.end()

    def fork(self) -> int | None:
        """Fork a worker on request; its pidfd, or None when the supervisor is gone."""
        try:
            (number, notebook, *values), descriptors = control.receive(self.control)
        except ConnectionError:
            return None
        if notebook:  # the worker itself can no longer read the file
            from . import notebook as _  # noqa: F401
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self.become_worker(parent, descriptors, Limits(*values))
        pidfd = os.pidfd_open(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        self.children[pidfd] = (pid, number)
        self.tell("forked", number, descriptors=[pidfd])
        return pidfd

    def reap(self, pidfd: int) -> None:
        pid, number = self.children.pop(pidfd)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # Where there is no seccomp it may have left children; its number is still its own.
            os.killpg(pid, 9)
        _, status, usage = os.wait4(pid, 0)
        os.close(pidfd)
        self.tell("reaped", number, status, usage.ru_utime + usage.ru_stime)

    def tell(self, *values: object, descriptors: Sequence[int] = ()) -> None:
        try:
            control.send(self.control, values, descriptors)
        except ConnectionError:
            self.end()

    def end(self) -> None:
        for pid, _ in self.children.values():
            os.kill(pid, 9)
        os._exit(0)

    def become_worker(self, parent: int, descriptors: list[int], limits: Limits) -> None:
        """In the child: never returns."""
        try:
            lockdown.detach(parent)
            ruleset = _keep_only(descriptors, self.policy.ruleset)
            policy = self.policy._replace(ruleset=ruleset)
            os.chdir("/")
            lockdown.lock_down(policy, limits)
            self.worker(limits.reply_bytes, policy.isolation)
        except BaseException as error:
            # To the output pipe. Before the learner's code has run, it is taken for our fault.
            os.write(1, f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
        finally:
            os._exit(1)  # never back into the zygote's loop


def _keep_only(descriptors: list[int], ruleset: int | None) -> int | None:
    """Leave 0 (nothing), 1 and 2 (output), 3 (requests), 4 (replies) and the rules at 5 open."""
    requests, replies, output = descriptors
    nothing = os.open(os.devnull, os.O_RDONLY)
    wanted = [nothing, output, output, requests, replies]
    if ruleset is not None:
        wanted.append(ruleset)
    # First out of the way of one another, above all that is open.
    copies = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 200) for descriptor in wanted]
    for target, copy in enumerate(copies):
        os.dup2(copy, target)
    close_range(len(wanted))
    return 5 if ruleset is not None else None
