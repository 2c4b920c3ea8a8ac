"""Two operating points: where concerns are rare only texts with a cue are judged, and more is asked of a concern."""

from __future__ import annotations

from assessment.paths import MODELS
from assessment.screening.classifier import load_classifier
from assessment.screening.models import LENSES
from assessment.screening.rules import load_rules
from assessment.screening.verdicts import Judge
from assessment.training.dataset import is_held_out, read_corpus

CUELESS = "路灯每三年检修一次，由养护单位负责。"


def judge() -> Judge:
    """The shipped one."""
    return Judge(load_rules(), load_classifier(MODELS))


def test_more_is_asked_where_concerns_are_rare() -> None:
    limits = load_classifier(MODELS).thresholds
    assert all(limits.concern[lens] > limits.common[lens] for lens in LENSES)


def test_the_same_texts_hold_no_more_concerns_in_a_regulation_than_in_village_rules() -> None:
    texts = [example.text for example in read_corpus() if is_held_out(example)][:150]
    rare, common = (judge().verdicts(texts, kind) for kind in ("地方性法规", "村规民约"))
    for strict, loose in zip(rare, common, strict=True):
        for lens, verdict in strict.items():
            assert verdict.kind != "concern" or loose[lens].kind == "concern"
    flags = [sum(v.kind == "concern" for found in side for v in found.values()) for side in (rare, common)]
    assert 0 < flags[0] < flags[1]


def test_only_where_concerns_are_common_a_text_without_a_cue_is_judged() -> None:
    (rare,), (common,) = judge().look([CUELESS], "政府规章"), judge().look([CUELESS], "村规民约")
    assert rare.cues == {} == rare.judged
    assert set(common.cues.values()) == {"none"}
    assert set(common.judged) == set(LENSES)


def test_a_text_of_marks_alone_is_no_finding_anywhere() -> None:
    assert judge().verdicts(["。；", "  "], "村规民约") == [{}, {}]
