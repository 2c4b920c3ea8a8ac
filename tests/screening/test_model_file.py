"""A model file is numbers and nothing else, and comes back as it was saved."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import pickle
from pathlib import Path

import jieba
import numpy as np
import pytest

from assessment.messages import ScreeningError
from assessment.paths import MODELS
from assessment.screening.features import _cutter, _words, read, views
from assessment.screening.model_file import MANIFEST_FILE, MODEL_FILE, load_classifier
from assessment.screening.models import LENSES
from assessment.screening.rules import load_rules
from assessment.training.dataset import read_corpus
from assessment.training.publish import save


def put(folder: Path, content: bytes) -> Path:
    """A folder whose manifest vouches for other content."""
    manifest = json.loads((MODELS / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest["sha256"] = hashlib.sha256(content).hexdigest()
    folder.mkdir()
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    (folder / MODEL_FILE).write_bytes(content)
    return folder


def test_a_saved_model_comes_back_the_same(tmp_path: Path) -> None:
    shipped = load_classifier(MODELS)
    save(shipped, tmp_path / "m", "corpus")
    again = load_classifier(tmp_path / "m")
    assert again.identity == shipped.identity == again.identify()
    texts = [example.text for example in read_corpus()[:20]]
    seen = [views(text, read(text, load_rules())) for text in texts]
    for mine, theirs in zip(shipped.judge(seen), again.judge(seen), strict=True):
        assert all(mine[lens].kind == theirs[lens].kind for lens in LENSES)


def test_a_text_is_judged_alike_alone_and_among_others() -> None:
    shipped = load_classifier(MODELS)
    seen = [views(e.text, read(e.text, load_rules())) for e in read_corpus()[:30]]
    together = shipped.judge(seen)
    for number in (0, 7, 29):
        (alone,) = shipped.judge([seen[number]])
        for lens in LENSES:
            assert alone[lens].kind == pytest.approx(together[number][lens].kind, abs=1e-12)


class Evil:
    """Something that would run if it were unpickled."""

    def __reduce__(self) -> tuple[type[Exception], tuple[str]]:
        return AssertionError, ("was run",)


def test_a_model_with_objects_in_it_is_refused_and_not_run(tmp_path: Path) -> None:
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=True, terms=np.array([Evil()], dtype=object))
    with pytest.raises(ScreeningError, match="E205"):
        load_classifier(put(tmp_path / "m", packed.getvalue()))


@pytest.mark.parametrize("content", [b"", b"PK", pickle.dumps([1])])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ScreeningError, match="E203"):
        load_classifier(put(tmp_path / "m", content))


def test_a_model_with_arrays_missing_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    np.savez(packed, numbers=np.arange(3))
    with pytest.raises(ScreeningError, match="E203"):
        load_classifier(put(tmp_path / "m", packed.getvalue()))


def test_words_are_cut_as_jieba_cuts_them() -> None:
    jieba.setLogLevel(logging.ERROR)
    texts = [example.text for example in read_corpus()[::7]]
    texts += [
        "峰值0.10g确定",
        "GB/T18005-1999三级以上",
        "不超过3.5%",
        "C++语言",
        "1.2.3版a-b_c",
        "https://a.cn/x?y=1",
    ]
    for text in texts:
        assert list(_cutter()(text)) == list(jieba.cut(text))


def test_words_behind_a_negation_are_marked_up_to_the_comma() -> None:
    assert _words("不得录用女性，招聘男性") == ["不得", "不_录用", "不_女性", "招聘", "男性"]
