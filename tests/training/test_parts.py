"""Heads over passages learn from the one passage that carries a label, and from all passages of texts without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from assessment.screening.classifier import BEST_TYPES, KIND_LABELS, TYPES, calibrated, strongest, typed
from assessment.training.heads import Task, fitted, scores
from assessment.training.parts import Passages, witnessed

HARM, PLAIN, LONG = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]


def test_the_foremost_passage_of_each_text_is_found() -> None:
    passages = Passages(csr_matrix(np.eye(6)), np.array([0, 0, 1, 2, 2, 2]))
    assert passages.starts.tolist() == [0, 2, 3]
    found = passages.foremost(np.array([1.0, 3.0, -5.0, 2.0, 2.0, 1.0]))
    assert np.flatnonzero(found).tolist() == [1, 2, 3]
    assert np.flatnonzero(passages.of(np.array([0, 2]))).tolist() == [0, 1, 3, 4, 5]


def test_a_passage_without_the_harm_is_not_blamed_for_its_neighbour() -> None:
    """Every harmful text holds an ordinary passage (LONG) that no harmless one holds."""
    texts = [[HARM, LONG], [HARM, PLAIN, LONG], [HARM, LONG], [PLAIN], [PLAIN, PLAIN], [PLAIN]]
    labels = np.array([[1], [1], [1], [0], [0], [0]])
    owner = np.array([number for number, parts in enumerate(texts) for _ in parts])
    passages = Passages(csr_matrix([part for parts in texts for part in parts]), owner)
    wholes = csr_matrix([2 * np.array(parts)[0] + np.array(parts).mean(axis=0) for parts in texts])
    task = Task(labels, np.ones_like(labels, dtype=bool))
    every = np.arange(len(texts))
    heads = witnessed(passages, task, every, fitted(wholes, task, every))
    harm, plain, long = scores(heads, csr_matrix([HARM, PLAIN, LONG]))[:, 0]
    assert harm > long
    assert harm > plain
    assert long < 0 < harm


def test_a_text_says_what_its_passages_say_at_the_most() -> None:
    chance = np.random.default_rng(1)
    parts = chance.normal(size=(5, len(KIND_LABELS) + 1 + 4))
    found = strongest(parts, np.array([0, 2]))
    assert found.shape == (2, parts.shape[1] + BEST_TYPES)
    assert found[0, : parts.shape[1]].tolist() == parts[:2].max(axis=0).tolist()
    types = parts[2:, len(KIND_LABELS) + 1 :]
    assert found[1, TYPES].tolist() == types.max(axis=0).tolist()
    assert (
        found[1, -BEST_TYPES:].tolist()
        == np.sort(types, axis=1)[:, ::-1][:, :BEST_TYPES].max(axis=0).tolist()
    )


def test_a_type_is_weighed_beside_its_strongest_rival() -> None:
    whole, parts = np.array([[1.0, 3.0, 2.0]]), np.array([[5.0, 4.0, 4.5]])
    inputs = typed(whole, parts)
    assert inputs[0].tolist() == [[1, 5, 3, 4.5], [3, 4, 2, 5], [2, 4.5, 3, 5]]
    slopes = np.array([[1.0, 0.0, -1.0, 0.0, 0.5]] * 3)
    assert calibrated(inputs, slopes)[0] == pytest.approx(1 / (1 + np.exp([1.5, -1.5, 0.5])))
