"""Citations: how they are read, and that every one made anywhere can be looked up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessment.lawindex import Citation, citation, load_laws, statute, topic
from assessment.numerals import NUMBER, parse_number
from assessment.paths import CHECKLISTS, CORPUS

W, C = "妇女权益保障法", "未成年人保护法"

CITED = [
    ("妇女权益保障法43", [(W, 43)]),
    ("妇女权益保障法第四十三条第二项", [(W, 43)]),
    ("《妇女权益保障法》第四十三条第一款第（二）项", [(W, 43)]),
    ("《中华人民共和国妇女权益保障法》第五十五条第二款、第五十六条", [(W, 55), (W, 56)]),
    ("妇保法43(一)", [(W, 43)]),
    ("妇女权益保障法43(二)(三)(四)、44", [(W, 43), (W, 44)]),
    ("妇女权益保障法37、43(五)、46、48", [(W, 37), (W, 43), (W, 46), (W, 48)]),
    ("妇女权益保障法48三款、46", [(W, 48), (W, 46)]),
    ("民法典第一千零五十八条", [("民法典", 1058)]),
    ("民法典1058", [("民法典", 1058)]),
    ("未成年人保护法4(五)", [(C, 4)]),
    ("未成年人保护法70—76", [(C, n) for n in range(70, 77)]),
    ("劳动法59-61", [("劳动法", 59), ("劳动法", 60), ("劳动法", 61)]),
    ("未成年人保护法第二十一条至第二十三条", [(C, 21), (C, 22), (C, 23)]),
    ("女职工劳动保护特别规定第六条、第九条", [("女职工劳动保护特别规定", 6), ("女职工劳动保护特别规定", 9)]),
    ("（女职工劳动保护特别规定附录、劳动法第五十九条）", [("女职工劳动保护特别规定", None), ("劳动法", 59)]),
    (
        "女职工劳动保护特别规定第六条；同规定第八条",
        [("女职工劳动保护特别规定", 6), ("女职工劳动保护特别规定", 8)],
    ),
    ("立法法93末款；规章制定程序条例3二款", [("立法法", 93), ("规章制定程序条例", 3)]),
    ("重大行政决策程序暂行条例14三款（决策事项适用）", [("重大行政决策程序暂行条例", 14)]),
    ("未成年人保护法7、82；家庭教育促进法", [(C, 7), (C, 82), ("家庭教育促进法", None)]),
    ("城市公共厕所设计标准（CJJ 14-2016）", [("城市公共厕所设计标准", None)]),
    ("某某促进条例第三条", [("某某促进条例", 3)]),
    ("妇女权益保障法8（“涉及妇女权益”“必要时”）", [(W, 8)]),
    ("妇女权益保障法第二条，第三方评估", [(W, 2)]),
    ("应当依法办理，不得违法", []),
    ("法律、行政法规另有规定的，依照其规定", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "cited"), CITED, ids=[text or "empty" for text, _ in CITED])
def test_citation_is_read(text: str, cited: list[tuple[str, int | None]]) -> None:
    assert citation(text) == [Citation(*pair) for pair in cited]


def test_citation_resolves_a_bare_law_by_the_one_given() -> None:
    assert citation("法4(五)", law=C) == [Citation(C, 4)]
    assert citation("法4(五)") == []


def test_citation_does_not_repeat() -> None:
    assert citation("妇女权益保障法8；妇女权益保障法第八条") == [Citation(W, 8)]


@pytest.mark.parametrize("name", ["中华人民共和国妇女权益保障法", "妇女权益保障法", "妇保法"])
def test_statute_goes_by_each_of_its_names(name: str) -> None:
    assert statute(name).short == W


def test_topic_says_what_the_article_is_about() -> None:
    assert "九十八天" in topic(Citation("女职工劳动保护特别规定", 7))
    assert topic(Citation("家庭教育促进法", None)) == "中华人民共和国家庭教育促进法"


@pytest.mark.parametrize("cited", [Citation("某某法", 1), Citation(W, 999)])
def test_topic_refuses_what_the_index_has_not(cited: Citation) -> None:
    with pytest.raises(KeyError):
        topic(cited)


def test_short_names_and_aliases_are_unique() -> None:
    names = [name for law in load_laws() for name in {law.name, law.short, *law.aliases}]
    assert len(names) == len(set(names))


def test_what_was_not_checked_says_why() -> None:
    assert all(law.note for law in load_laws() if not law.checked)


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)


CITING = [CORPUS / f"{name}.yaml" for name in ("taxonomy", "explanations", "gaps", "figures")]
CITING += sorted(CHECKLISTS.glob("*.yaml"))


@pytest.mark.parametrize("path", CITING, ids=[path.stem for path in CITING])
def test_every_citation_resolves_to_the_index(path: Path) -> None:
    unresolved = []
    found = 0
    for text in _strings(yaml.safe_load(path.read_text(encoding="utf-8"))):
        for cited in citation(text):
            found += 1
            try:
                topic(cited)
            except KeyError:
                unresolved.append((cited, text))
    assert found
    assert unresolved == []


def test_every_basis_is_a_citation() -> None:
    entries = []
    for name in ("taxonomy", "explanations", "gaps"):
        data = yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))
        entries += [text for basis in _values(data, "basis") for text in basis]
    figures = yaml.safe_load((CORPUS / "figures.yaml").read_text(encoding="utf-8"))
    entries += [check["basis"] for check in figures["checks"]]
    assert len(entries) > 150
    assert [text for text in entries if not citation(text)] == []


def _values(data: Any, key: str) -> Iterator[Any]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name == key:
                yield value
            else:
                yield from _values(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from _values(value, key)


CODE_PARTS = {"总则", "物权编", "合同编", "人格权编", "婚姻家庭编", "继承编", "侵权责任编"}


def _articles_of(folder: Path, short: str) -> set[int]:
    if short == "民法典":
        files = [path for path in folder.glob("*.txt") if path.stem in CODE_PARTS]
    else:
        dated = [path for path in folder.glob("*.txt") if path.stem.partition("(")[0] == short]
        files = sorted(dated, key=lambda path: path.stem)[-1:]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return {int(parse_number(n)) for n in re.findall(rf"(?m)^[\s　]*第({NUMBER})条", text)}


@pytest.mark.shared
def test_every_indexed_article_exists_in_the_statute(shared: Path) -> None:
    folder = shared / "laws" / "national"
    missing = {
        (law.short, article)
        for law in load_laws()
        if law.checked
        for article in law.articles.keys() - _articles_of(folder, law.short)
    }
    assert missing == set()


@pytest.mark.shared
def test_the_version_is_the_newest_that_was_read(shared: Path) -> None:
    folder = shared / "laws" / "national"
    for law in load_laws():
        dates = [
            match[1]
            for path in folder.glob("*.txt")
            if (match := re.fullmatch(rf"{law.short}\((\d{{4}}-\d\d-\d\d)\)", path.stem))
        ]
        if dates:
            assert law.version == max(dates), law.short


@pytest.mark.shared
def test_the_field_checklists_cite_what_the_index_has(shared: Path) -> None:
    items = json.loads((shared / "domain" / "checklist-items.json").read_text(encoding="utf-8"))
    for item in items:
        for cited in citation(item["legal_basis"]):
            assert topic(cited), item["id"]
