"""The two simple things the machinery has to beat: a keyword list and a plain TF-IDF model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from assessment.screening.classifier import labels_of
from assessment.screening.models import LENSES, Lens
from assessment.training.dataset import Example


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one of the compared says of a text under one lens.

    Attributes:
        kind: none, relevant, protective or concern.
        domains, types: as labels.
        concern: probability of a concern, for calibration; None where it has none.
    """

    kind: str
    domains: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    concern: float | None = None


class Compared(Protocol):
    """Anything that can be measured: texts in, one opinion a lens out."""

    name: str

    def opinions(self, texts: Sequence[str]) -> list[dict[Lens, Opinion]]:
        """One entry a text, in order."""
        ...


_KEYWORDS: dict[Lens, dict[str, tuple[str, ...]]] = {
    "gender": {
        "relevant": (
            *("妇女", "女性", "女职工", "男性", "男女", "性别", "怀孕", "孕妇", "产假", "哺乳", "生育"),
            *(
                "婚姻",
                "结婚",
                "离婚",
                "丧偶",
                "母亲",
                "妻子",
                "丈夫",
                "母婴",
                "家庭暴力",
                "性骚扰",
                "女生",
                "女方",
            ),
        ),
        "concern": (
            *("限男", "男性优先", "男士优先", "仅限男", "仅限女", "不招女", "女性不得", "外嫁女", "出嫁女"),
            *("未婚", "已婚", "户主", "妊娠检测", "孕检", "贤内助", "相夫教子", "剩女", "五官端正", "怀孕"),
        ),
    },
    "child": {
        "relevant": (
            *("未成年人", "儿童", "学生", "幼儿", "婴幼儿", "青少年", "中小学", "幼儿园", "学校", "监护人"),
            *("家长", "父母", "义务教育", "少年", "托育", "校车", "校园"),
        ),
        "concern": (
            *(
                "开除",
                "不予入学",
                "体罚",
                "罚站",
                "检讨",
                "公示",
                "曝光",
                "排名",
                "罚款",
                "身高",
                "面试",
                "择优",
            ),
            *("童工", "代言", "自行", "内部处理", "暂缓入学", "不予注册", "劝退", "赞助费", "借读费"),
        ),
    },
}


class KeywordList:
    """A list of words a reader would look for; relevant if any occurs, a concern if a worse one does."""

    name = "关键词表"

    def opinions(self, texts: Sequence[str]) -> list[dict[Lens, Opinion]]:
        """See ``Compared``."""
        return [{lens: self._opinion(text, lens) for lens in LENSES} for text in texts]

    @staticmethod
    def _opinion(text: str, lens: Lens) -> Opinion:
        if not any(word in text for word in _KEYWORDS[lens]["relevant"]):
            return Opinion("none")
        found = any(word in text for word in _KEYWORDS[lens]["concern"])
        return Opinion("concern" if found else "relevant")


class PlainTfidf:
    """TF-IDF over character pairs and triples with logistic regression, trained on the same examples."""

    name = "TF-IDF＋逻辑回归"

    def __init__(self, examples: Sequence[Example]) -> None:
        texts = [example.text for example in examples]
        self._kind: dict[Lens, Any] = {}
        self._domain: dict[Lens, Any] = {}
        self._type: dict[Lens, Any] = {}
        for lens in LENSES:
            kinds = [example.labels[lens].kind for example in examples]
            self._kind[lens] = _model(LogisticRegression(C=10, max_iter=1000)).fit(texts, kinds)
            for store, group, chosen in (
                (self._domain, "domain", [kind != "none" for kind in kinds]),
                (self._type, "type", [kind == "concern" for kind in kinds]),
            ):
                rows = [example for example, wanted in zip(examples, chosen, strict=True) if wanted]
                held = [_held(example, lens, group) for example in rows]
                wanted = np.array([[name in names for name in labels_of(group, lens)] for names in held], int)
                model = _model(OneVsRestClassifier(LogisticRegression(C=10, max_iter=1000)))
                store[lens] = model.fit([example.text for example in rows], wanted)

    def opinions(self, texts: Sequence[str]) -> list[dict[Lens, Opinion]]:
        """See ``Compared``."""
        by_lens = {lens: self._lens(texts, lens) for lens in LENSES}
        return [{lens: by_lens[lens][row] for lens in LENSES} for row in range(len(texts))]

    def _lens(self, texts: Sequence[str], lens: Lens) -> list[Opinion]:
        chance = self._kind[lens].predict_proba(texts)
        classes = list(self._kind[lens].classes_)
        domains = _named(self._domain[lens].predict_proba(texts), labels_of("domain", lens))
        types = _named(self._type[lens].predict_proba(texts), labels_of("type", lens))
        concern = chance[:, classes.index("concern")]
        return [
            Opinion(
                kind := str(classes[int(chance[row].argmax())]),
                domains[row] if kind != "none" else frozenset(),
                types[row] if kind == "concern" else frozenset(),
                float(concern[row]),
            )
            for row in range(len(texts))
        ]


def _model(learner: Any) -> Any:
    return make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(2, 3), min_df=2), learner)


def _held(example: Example, lens: Lens, group: str) -> tuple[str, ...]:
    label = example.labels[lens]
    return label.domains if group == "domain" else label.concerns


def _named(chance: np.ndarray, labels: Sequence[str]) -> list[frozenset[str]]:
    return [
        frozenset(
            label for label, value in zip(labels, row, strict=True) if value >= 0.5 or value == row.max()
        )
        for row in chance
    ]
