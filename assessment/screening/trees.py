"""Boosted trees as plain arrays: nothing but numbers is stored, and nothing of scikit-learn is needed to use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees whose leaves add up to a score; arrays have the shape (trees, nodes), a leaf leads to itself.

    Attributes:
        feature: the column a node looks at.
        limit: a row goes left if its value is at most this.
        left, right: the node it comes to.
        value: what a leaf adds.
        depth: steps from the root to the deepest leaf.
        base: the score before any tree.
    """

    feature: Any
    limit: Any
    left: Any
    right: Any
    value: Any
    depth: int
    base: float

    def scores(self, rows: Any) -> Any:
        """The score of each row, shape (rows,)."""
        import numpy as np

        trees = np.arange(len(self.feature))
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        for _ in range(self.depth):
            seen = np.take_along_axis(rows, self.feature[trees, node], axis=1)
            node = np.where(seen <= self.limit[trees, node], self.left[trees, node], self.right[trees, node])
        return self.base + self.value[trees, node].sum(axis=1)

    def parts(self) -> dict[str, Any]:
        """The arrays and numbers by name, as the constructor takes them."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
