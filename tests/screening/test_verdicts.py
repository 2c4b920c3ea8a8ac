"""Two operating points: where concerns are rare only texts with a cue are judged, and more is asked of a concern."""

from __future__ import annotations

import pytest

from assessment.paths import MODELS
from assessment.screening.features import read, views
from assessment.screening.lexicon import load_lexicon
from assessment.screening.model_file import load_classifier
from assessment.screening.models import LENSES
from assessment.screening.rules import load_rules
from assessment.screening.verdicts import RARE_IN, SURELY_RELEVANT, Judge, Place, _forbidden
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


@pytest.mark.parametrize(
    "text",
    [
        "违反本条例规定，未按照要求停止作业的，由城市管理部门处二百元以上五百元以下罚款。",
        "市场监督管理、教育、卫生健康等部门按照各自职责做好电梯安全管理工作。",
    ],
)
def test_words_that_mean_something_else_as_often_are_no_finding_in_a_regulation(text: str) -> None:
    assert judge().verdicts([text], "地方性法规") == [{}]


def test_at_first_look_only_texts_without_a_strong_cue_are_passed_over_and_only_in_laws_and_rules() -> None:
    texts = ["建设单位应当在施工现场公布举报电话。", "建设单位应当在施工现场公布举报电话，并看护儿童。"]
    assert judge().look(texts[:1], "政府规章")[0].judged == {}
    assert judge().look(texts[1:], "政府规章")[0].judged
    assert all(look.judged for look in judge().look(texts, "村规民约"))


def test_the_first_look_loses_hardly_a_text_that_surely_bears_on_a_lens() -> None:
    classifier, rules = load_classifier(MODELS), load_rules()
    held = (example for example in read_corpus() if is_held_out(example))
    texts = [example.text for example in held if example.register in RARE_IN]
    judged = classifier.judge([views(text, read(text, rules)) for text in texts])
    lexicon = load_lexicon()
    weak = [set(lexicon.cues(text).values()) for text in texts]
    sure = [
        text
        for text, cues, found in zip(texts, weak, judged, strict=True)
        if "weak" in cues and "strong" not in cues
        if max(found[lens].kind["relevant"] for lens in LENSES) >= SURELY_RELEVANT
    ]
    assert len(sure) > 20
    assert sum(classifier.keeps(sure)) >= 0.8 * len(sure)


@pytest.mark.parametrize(
    "text",
    [
        "小作坊不得加工下列产品：\n（一）果冻；\n（二）保健食品、婴幼儿配方食品和其他专供特定人群的食品。",
        "有下列行为之一的，由主管部门责令改正，处以罚款：\n（一）拒绝接收残疾儿童入学的；\n（二）虚报人数的。",
    ],
)
def test_what_a_list_forbids_or_punishes_is_no_concern_in_a_regulation(text: str) -> None:
    assert all(verdict.kind != "concern" for verdict in judge().verdicts([text], "地方性法规")[0].values())
    reading = read(text, load_rules())[-1]
    assert _forbidden(Place(reading, ()))
    assert not _forbidden(Place(read("\n".join(text.split("\n")[1:]), load_rules())[-1], ()))


def test_what_weighs_most_in_a_sentence_is_told_where_no_rule_fired() -> None:
    told = 0
    texts = [example.text for example in read_corpus() if is_held_out(example)][:400]
    for found in judge().verdicts(texts, "村规民约"):
        for verdict in found.values():
            for place in verdict.places:
                assert place.core in place.reading.passage.sentence
                assert bool(place.core) == (verdict.kind == "concern" and not place.hits)
                told += bool(place.core)
    assert told > 20


def test_the_words_that_weigh_most_are_those_without_which_it_reads_least_like_a_concern() -> None:
    text = "合作社每年公布一次账目，出嫁的女儿不再分红，会议由社长召集。"
    (reading,) = read(text, load_rules())
    assert judge()._core("gender", reading).startswith("出嫁的女儿不再分红")


@pytest.mark.parametrize("text", ["；", "。", "，，"])
def test_a_sentence_of_marks_alone_has_itself_as_core(text: str) -> None:
    own = judge()
    for reading in read(text, load_rules()):
        assert own._core("child", reading) == reading.passage.sentence


def test_without_a_word_of_the_lens_more_is_asked_of_a_concern() -> None:
    limits, own, lexicon = load_classifier(MODELS).thresholds, judge(), load_lexicon()
    texts = [example.text for example in read_corpus() if is_held_out(example)]
    cueless = 0
    for text, look in zip(texts, own.look(texts, "村规民约"), strict=True):
        for lens, verdict in own.decide(look, "村规民约").items():
            if verdict.kind == "concern" and lexicon.cues(text)[lens] == "none":
                cueless += 1
                assert verdict.confidence >= limits.concern[lens]
    assert cueless > 50
