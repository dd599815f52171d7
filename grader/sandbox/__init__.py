"""Runs a learner's file in a locked-down process: calls go in, data comes back.

Nothing is imported here: `launch` has to be cheap, and the zygote imports this folder too.

Trusted side: launch, bubblewrap, supervisor, session, outcomes, inert. Inside the zygote and the
worker, which hold no secrets: zygote, lockdown, worker, learner, imports, notebook.
Shared: levels, packages, landlock, seccomp, syscalls; wire, tree, control. The order and the
reasons of the lock-down are `lockdown.lock_down`; SECURITY.md says what it promises.
"""
