"""The four checklists that come with the workbench."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessment import paths
from assessment.checklists import Checklist, load_all
from assessment.screening.taxonomy import load_taxonomy

SHIPPED = load_all(paths.CHECKLISTS)
FULL = [checklist for checklist in SHIPPED if checklist.mode == "full"]

# the parts of the Civil Code lie in files of their own
CIVIL_CODE = ("总则", "物权编", "合同编", "人格权编", "婚姻家庭编", "继承编", "侵权责任编")
ARTICLE = re.compile(r"(?P<law>[^第]+)(?P<article>第[^条]+条)(第(?P<paragraph>.)款)?(第（(?P<item>.+)）项)?")
PLACES = "一二三四五六七八九"


def test_shipped_checklists() -> None:
    shape = {(c.id, c.lens, c.mode, len(c.items)) for c in SHIPPED}
    assert shape == {
        ("gender-equality", "gender", "full", 35),
        ("child-first", "child", "full", 35),
        ("gender-quick", "gender", "quick", 5),
        ("child-quick", "child", "quick", 6),
    }


@pytest.mark.parametrize("checklist", FULL, ids=lambda c: c.id)
def test_full_items_are_numbered_without_holes(checklist: Checklist) -> None:
    letter = {"gender": "GQ", "child": "CQ"}[checklist.lens]
    assert [item.id for item in checklist.items] == [f"{letter}{n:02d}" for n in range(1, 36)]


@pytest.mark.parametrize("checklist", SHIPPED, ids=lambda c: c.id)
def test_every_concern_type_bears_on_some_item(checklist: Checklist) -> None:
    every = set(load_taxonomy().concerns[checklist.lens])
    narrow = [set(item.concern_types) for item in checklist.items if set(item.concern_types) != every]
    assert set().union(*narrow) == every


@pytest.mark.parametrize("checklist", SHIPPED, ids=lambda c: c.id)
def test_every_question_can_be_judged(checklist: Checklist) -> None:
    for item in checklist.items:
        assert item.question.endswith("？"), item.id
        assert "判符合" in item.guidance, item.id
        assert "判部分符合" in item.guidance, item.id
        assert "判不符合" in item.guidance, item.id
        assert len(item.guidance) > 90, item.id


def test_no_example_is_used_twice() -> None:
    examples = [text for c in SHIPPED for item in c.items for text in item.meets + item.fails]
    assert len(set(examples)) == len(examples)


def _article(folder: Path, law: str, article: str) -> list[str]:
    """The paragraphs of the article in the newest text of the law; empty if it has none."""
    files = sorted(folder.glob(f"{law}(*.txt")) or sorted(folder.glob(f"{law}.txt"))
    if law == "民法典":
        files = [folder / f"{part}.txt" for part in CIVIL_CODE]
    for file in reversed(files):
        lines = iter(file.read_text(encoding="utf-8").splitlines())
        for line in lines:
            if line.startswith(article):
                found = [line]
                for following in lines:
                    if re.match(r"第[一二三四五六七八九十百千零]+[条章节]", following):
                        break
                    found.append(following)
                return found
    return []


@pytest.mark.shared
@pytest.mark.parametrize("checklist", SHIPPED, ids=lambda c: c.id)
def test_every_cited_article_exists(checklist: Checklist, shared: Path) -> None:
    cited = set(checklist.basis).union(*(item.basis for item in checklist.items))
    for citation in sorted(cited):
        match = ARTICLE.fullmatch(citation)
        assert match, citation
        lines = _article(shared / "laws" / "national", match["law"], match["article"])
        assert lines, f"{citation}: no such article"
        numbered = r"\s*[（(][一二三四五六七八九十]+[）)]"
        if match["paragraph"]:
            paragraphs = [line for line in lines if line.strip() and not re.match(numbered, line)]
            assert len(paragraphs) > PLACES.index(match["paragraph"]), citation
        if match["item"]:
            assert any(line.strip().startswith(f"（{match['item']}）") for line in lines), citation
