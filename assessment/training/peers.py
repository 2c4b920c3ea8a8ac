"""The plain things the machinery has to beat: a keyword list, TF-IDF, a spaCy textcat and fastText."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import random
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from assessment.screening.classifier import labels_of
from assessment.screening.models import LENSES, Lens
from assessment.training.dataset import KINDS, Example


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


class SpacyTextcat:
    """A spaCy pipeline: the jieba tokenizer and one bag-of-words textcat for all labels of both lenses.

    Words and pairs of words, batches of 64, learning rate 0.005, ``EPOCHS`` passes on the processor.
    """

    name = "spaCy textcat（jieba 分词）"
    EPOCHS = 4

    def __init__(self, examples: Sequence[Example]) -> None:
        import spacy
        from spacy.training import Example as Annotated

        tools: Any = importlib.import_module("spacy.util")
        _quiet_jieba()
        tools.fix_random_seed(0)
        order = random.Random(0)
        self.pipeline = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
        model = {
            "@architectures": "spacy.TextCatBOW.v3",
            "exclusive_classes": False,
            "ngram_size": 2,
            "no_output_layer": False,
            "length": 262144,
        }
        names = sorted({name for example in examples for name in _label_names(example)})
        textcat: Any = self.pipeline.add_pipe("textcat_multilabel", config={"model": model})
        for name in names:
            textcat.add_label(name)
        annotated = [
            Annotated.from_dict(
                self.pipeline.make_doc(example.text),
                {"cats": dict.fromkeys(names, 0.0) | dict.fromkeys(_label_names(example), 1.0)},
            )
            for example in examples
        ]
        optimizer = self.pipeline.initialize(lambda: annotated)
        optimizer.learn_rate = 0.005
        for _ in range(self.EPOCHS):
            order.shuffle(annotated)
            for batch in tools.minibatch(annotated, 64):
                self.pipeline.update(batch, sgd=optimizer)

    def opinions(self, texts: Sequence[str]) -> list[dict[Lens, Opinion]]:
        """See ``Compared``."""
        return [_scored(doc.cats) for doc in self.pipeline.pipe(texts, batch_size=128)]


class FastText:
    """fastText over jieba's words and pairs of words, one against the rest, 25 passes, one thread."""

    name = "fastText（jieba 分词）"

    def __init__(self, examples: Sequence[Example]) -> None:
        fasttext: Any = importlib.import_module("fasttext")
        _quiet_jieba()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "examples.txt")
            lines = (
                " ".join([*(f"__label__{name}" for name in _label_names(example)), _words(example.text)])
                for example in examples
            )
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            self._model = fasttext.train_supervised(
                str(file),
                loss="ova",
                epoch=25,
                lr=0.5,
                wordNgrams=2,
                dim=50,
                bucket=200_000,
                thread=1,
                seed=0,
                verbose=0,
            )

    def opinions(self, texts: Sequence[str]) -> list[dict[Lens, Opinion]]:
        """See ``Compared``."""
        found = []
        for text in texts:
            labels, chances = self._model.predict(_words(text), k=-1)
            found.append(
                _scored(dict(zip((name.removeprefix("__label__") for name in labels), chances, strict=True)))
            )
        return found


def _quiet_jieba() -> None:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()


def _words(text: str) -> str:
    import jieba

    return " ".join(word for word in jieba.cut(text) if word.strip())


def _label_names(example: Example) -> Iterable[str]:
    """Every label of an example as ``<lens>.<group>.<label>``."""
    for lens, label in example.labels.items():
        yield f"{lens}.kind.{label.kind}"
        yield from (f"{lens}.domain.{name}" for name in label.domains)
        yield from (f"{lens}.type.{name}" for name in label.concerns)


def _scored(chance: Mapping[str, float]) -> dict[Lens, Opinion]:
    """Chances by ``_label_names`` as opinions: the likeliest kind, and domains and types where it has any."""
    found: dict[Lens, Opinion] = {}
    for lens in LENSES:
        kind = max(KINDS, key=lambda name: chance.get(f"{lens}.kind.{name}", 0.0))
        domains, types = (
            _named(
                np.array([[chance.get(f"{lens}.{group}.{name}", 0.0) for name in labels_of(group, lens)]]),
                labels_of(group, lens),
            )[0]
            for group in ("domain", "type")
        )
        found[lens] = Opinion(
            kind,
            domains if kind != "none" else frozenset(),
            types if kind == "concern" else frozenset(),
            float(chance.get(f"{lens}.kind.concern", 0.0)),
        )
    return found


def peers_of(examples: Sequence[Example], every: bool) -> list[Compared]:
    """The peers, taught the same examples.

    Args:
        examples: what those that learn learn from.
        every: also the slow ones, a minute more: spaCy textcat, and fastText where it is installed.
    """
    quick: list[Compared] = [KeywordList(), PlainTfidf(examples)]
    if not every:
        return quick
    slow: list[Compared] = [SpacyTextcat(examples)]
    if importlib.util.find_spec("fasttext"):
        slow.append(FastText(examples))
    return quick + slow
