"""Which lines open an article where recognition lost the blanks behind the numbers, or a number."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.documents import read


def labels(lines: Sequence[str]) -> list[str]:
    document = read("\n".join(("云川市测试条例", *lines)).encode(), "x.txt")
    return [clause.label for clause in document.clauses if clause.kind == "article"]


def test_articles_go_on_behind_one_whose_number_was_lost() -> None:
    lines = [
        "第一条甲应当办理。",
        "第二条乙应当办理。",
        "第四条丁应当办理。",
        "第五条戊应当办理。",
        "第六条己应当办理。",
    ]
    assert labels(lines) == ["第一条", "第二条", "第四条", "第五条", "第六条"]


def test_a_line_that_cites_a_later_article_opens_none() -> None:
    lines = [
        "第一条甲应当办理。",
        "第二条乙应当依照",
        "第四条办理手续。",
        "第三条丙应当办理。",
        "第四条丁应当办理。",
    ]
    assert labels(lines) == ["第一条", "第二条", "第三条", "第四条"]
