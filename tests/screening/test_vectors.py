"""Texts are counted as scikit-learn counts them, number for number."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer

from assessment.screening.vectors import Rows, Vectoriser
from assessment.training.boosting import as_arrays

TEXTS = [
    "招聘女职工，不得录用孕期妇女",
    "学校应当保护学生，学校应当报告",
    "𠮷家村村民按户分配",
    "",
    "女",
    "与 以上 全无 关系 xyz",
]
WORDS = ["招聘 女职工 不得 录用", "学校 应当 保护 学校 应当 报告", "村民 按户 分配", "", "女", "xyz"]


def dense(rows: Rows, width: int) -> np.ndarray:
    return csr_matrix((rows.values, rows.columns, rows.starts), (len(rows), width)).toarray()


def test_characters_are_counted_as_by_scikit_learn() -> None:
    peer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False, sublinear_tf=True)
    learned = peer.fit(TEXTS[:4])
    terms = list(map(str, learned.get_feature_names_out()))
    own = Vectoriser({"characters": terms}, {"characters": learned.idf_}, {"characters": 1.0})
    rows = own.rows([(text,) for text in TEXTS])
    np.testing.assert_allclose(dense(rows, len(terms)), learned.transform(TEXTS).toarray(), rtol=1e-12)


def test_words_and_pairs_are_counted_as_by_scikit_learn() -> None:
    peer = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), lowercase=False, sublinear_tf=True)
    learned = peer.fit(WORDS[:3])
    terms = list(map(str, learned.get_feature_names_out()))
    own = Vectoriser({"words": terms}, {"words": learned.idf_}, {"words": 0.5})
    rows = own.rows([(text,) for text in WORDS])
    np.testing.assert_allclose(dense(rows, len(terms)), learned.transform(WORDS).toarray() / 2, rtol=1e-12)


def test_signs_count_once_and_columns_stand_side_by_side() -> None:
    own = Vectoriser({"rules": ["a", "b"], "roles": ["c"]}, {}, {"rules": 0.3, "roles": 0.1})
    found = dense(own.rows([("b b a", ""), ("x", "c c"), ("", "")]), 3)
    np.testing.assert_allclose(found, [[0.3, 0.3, 0], [0, 0, 0.1], [0, 0, 0]])


def test_one_column_alone_keeps_the_numbers_of_its_terms() -> None:
    own = Vectoriser({"rules": ["a", "b"], "roles": ["c"]}, {}, {"rules": 0.3, "roles": 0.1})
    found = dense(own.rows_of("roles", ["c c", "a"]), 3)
    np.testing.assert_allclose(found, dense(own.rows([("", "c c"), ("", "a")]), 3))


def test_rows_times_weights() -> None:
    rows = Rows(np.array([0, 2, 2]), np.array([0, 2]), np.array([0.5, 2.0]))
    weights = np.array([[2, 4], [100, 100], [1, -1]], dtype=np.int16)
    np.testing.assert_allclose(rows.times(weights), [[3.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(rows.row(0).times(weights), [[3.0, 0.0]])


def test_trees_say_what_the_booster_says() -> None:
    chance = np.random.default_rng(1)
    seen = chance.normal(size=(400, 6))
    booster = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=8, random_state=0)
    booster.fit(seen, seen[:, 0] * seen[:, 1] > seen[:, 2])
    np.testing.assert_allclose(as_arrays(booster).scores(seen), booster.decision_function(seen), rtol=1e-9)


def test_a_tree_that_is_one_leaf_adds_its_value() -> None:
    seen = np.zeros((60, 2))
    booster = HistGradientBoostingClassifier(max_iter=3, random_state=0).fit(seen, [0, 1] * 30)
    np.testing.assert_allclose(as_arrays(booster).scores(seen), booster.decision_function(seen), atol=1e-12)


def test_rows_can_be_chosen_and_put_behind_each_other() -> None:
    rows = Vectoriser({"rules": ["a", "b", "c"]}, {}, {"rules": 1.0}).rows([("a b",), ("",), ("c",)])
    assert dense(rows.chosen(np.array([2, 1, 0, 2])), 3).tolist() == [
        [0, 0, 1],
        [0, 0, 0],
        [1, 1, 0],
        [0, 0, 1],
    ]
    assert len(rows.chosen(np.array([], dtype=np.int64))) == 0
    assert dense(rows.followed_by(rows.chosen(np.array([0]))), 3)[3].tolist() == [1, 1, 0]
