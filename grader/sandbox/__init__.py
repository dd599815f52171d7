"""Runs a learner's file in a locked-down process: calls go in, data comes back.

Nothing is imported here: `launch` has to be cheap, and the zygote imports this folder too.

Trusted side: launch, supervisor, session, outcomes, inert. Inside the zygote and the worker,
which hold no secrets: zygote, lockdown, landlock, seccomp, syscalls, worker, learner,
imports, notebook.
Shared: wire, tree, control.
"""
