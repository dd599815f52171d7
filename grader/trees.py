"""Values as trees: lists, tuples and dicts whose leaves are arrays or numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from grader.model import Tree


def is_leaf(tree: Tree) -> bool:
    return not isinstance(tree, list | tuple | dict)


def leaves(tree: Tree) -> Iterator[Any]:
    """The leaves of `tree`, left to right; a dict's in the order of its keys."""
    if is_leaf(tree):
        yield tree
    else:
        for child in tree.values() if isinstance(tree, dict) else tree:
            yield from leaves(child)


def paths(tree: Tree, at: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Where each leaf of `tree` stands, in the order of `leaves`."""
    if is_leaf(tree):
        yield at
    else:
        for key, child in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from paths(child, (*at, key))


def map_leaves(function: Callable[..., Any], tree: Tree, *others: Tree) -> Tree:
    """`tree` with `function(leaf, *leaves of the others there)` at every leaf.

    Raises ValueError where one of `others` has another structure.
    """
    if is_leaf(tree):
        if not all(map(is_leaf, others)):
            raise ValueError("one has a leaf where another has not")
        return function(tree, *others)
    if isinstance(tree, dict):
        if any(not isinstance(o, dict) or o.keys() != tree.keys() for o in others):
            raise ValueError("the dicts have different keys")
        return {k: map_leaves(function, v, *(o[k] for o in others)) for k, v in tree.items()}
    if any(is_leaf(o) or isinstance(o, dict) or len(o) != len(tree) for o in others):
        raise ValueError("the sequences have different lengths")
    return type(tree)(
        map_leaves(function, child, *(o[i] for o in others)) for i, child in enumerate(tree)
    )
