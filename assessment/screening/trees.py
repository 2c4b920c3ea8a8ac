"""Boosted trees as plain arrays: nothing but numbers is stored, and nothing of scikit-learn is needed to use them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assessment.screening.vectors import Array

_ALL = np.uint64(2**64 - 1)
MOST_LEAVES = 53
"""A tree's leaves are the bits of one number that a float must hold exactly."""
AT_ONCE = 32
"""Rows scored together."""


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The inner nodes of all trees in one row, and their leaves from left to right.

    Attributes:
        feature, limit: of each node.
        kept: the leaves of its tree, as bits, that are still open when the node is not passed to the left.
        begin: where each tree's nodes begin.
        worth: what each leaf adds, shape (trees, leaves).
    """

    feature: Array
    limit: Array
    kept: Array
    begin: Array
    worth: Array


@dataclass(frozen=True, eq=False)
class Trees:
    """Trees whose leaves add up to a score; arrays have the shape (trees, nodes), a leaf leads to itself.

    Attributes:
        feature: the column a node looks at.
        limit: a row goes left if its value is at most this.
        left, right: the node it comes to.
        value: what a leaf adds.
        base: the score before any tree.
    """

    feature: Array
    limit: Array
    left: Array
    right: Array
    value: Array
    base: float

    def scores(self, rows: Array) -> Array:
        """The score of each row, shape (rows,)."""
        # A part at a time, so that what is asked of a long document stays in the processor's cache.
        parts = [self._scores(rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _scores(self, rows: Array) -> Array:
        nodes = self._nodes
        # All nodes are asked at once: of the leaves that no node has closed, the leftmost is the one reached.
        open_leaves = np.where(rows[:, nodes.feature] <= nodes.limit, _ALL, nodes.kept)
        left_over = np.bitwise_and.reduceat(open_leaves, nodes.begin, axis=1)
        lowest = left_over & (~left_over + np.uint64(1))
        leaf = np.frexp(lowest.astype(np.float64))[1] - 1
        return self.base + nodes.worth[np.arange(len(nodes.begin)), leaf].sum(axis=1)

    def parts(self) -> dict[str, Array]:
        """The arrays and numbers by name, as the constructor takes them."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @cached_property
    def _nodes(self) -> _Nodes:
        feature: list[int] = []
        limit: list[float] = []
        kept: list[int] = []
        begin: list[int] = []
        worth = np.zeros((len(self.feature), MOST_LEAVES))
        for tree in range(len(self.feature)):
            begin.append(len(feature))
            inner, leaves = self._walk(tree)
            # A tree that is one leaf has no node to ask: it gets one that closes nothing.
            for node, closed in inner or [(0, 0)]:
                feature.append(int(self.feature[tree, node]))
                limit.append(float(self.limit[tree, node]))
                kept.append(int(_ALL) ^ closed)
            worth[tree, : len(leaves)] = self.value[tree, leaves]
        return _Nodes(np.array(feature), np.array(limit), np.array(kept, np.uint64), np.array(begin), worth)

    def _walk(self, tree: int) -> tuple[list[tuple[int, int]], list[int]]:
        """The inner nodes of a tree, each with the leaves on its left as bits, and its leaves from left to right."""
        left, right = self.left[tree].tolist(), self.right[tree].tolist()
        inner: list[tuple[int, int]] = []
        leaves: list[int] = []

        def visit(node: int) -> None:
            if left[node] == node:
                leaves.append(node)
                return
            before = len(leaves)
            visit(left[node])
            inner.append((node, (1 << len(leaves)) - (1 << before)))
            visit(right[node])

        visit(0)
        return inner, leaves
