from __future__ import annotations

import pytest

from assessment.documents import DOCUMENT_KINDS, STAGES, read

ARTICLES = "第一条 为了测试，制定本文件。\n第二条 自公布之日起施行。\n"
LEVELS = "一、总体要求\n有关单位应当落实。\n"


@pytest.mark.parametrize(
    ("title", "below", "body", "kind", "stage"),
    [
        ("云川市养老条例（草案）", "", ARTICLES, "地方性法规", "审议"),
        ("云川市养老条例（草案征求意见稿）", "", ARTICLES, "地方性法规", "征求意见"),
        ("云川市养老条例（送审稿）", "", ARTICLES, "地方性法规", "送审"),
        (
            "云川市养老条例",
            "2025年3月1日云川市人民代表大会常务委员会第二次会议通过",
            ARTICLES,
            "地方性法规",
            "公布",
        ),
        (
            "云川省实施《义务教育法》办法",
            "2025年3月1日云川省人民代表大会常务委员会通过",
            ARTICLES,
            "地方性法规",
            "公布",
        ),
        ("云川市停车管理办法", "2025年3月1日云川市人民政府第3次常务会议通过", ARTICLES, "政府规章", "公布"),
        ("云川市停车管理办法（征求意见稿）", "", ARTICLES, "政府规章", "征求意见"),
        ("石桥县停车管理办法", "", ARTICLES, "行政规范性文件", "起草"),
        ("石桥县人民政府关于加强控辍保学的意见", "石政发〔2026〕4号", LEVELS, "行政规范性文件", "公布"),
        ("云川市妇女发展规划（2026—2035年）", "", LEVELS, "规划", "起草"),
        ("云川市教育事业“十五五”规划纲要（讨论稿）", "", LEVELS, "规划", "起草"),
        ("云川市托育服务三年行动方案（征求意见稿）", "", LEVELS, "实施方案", "征求意见"),
        ("柳树湾村村规民约", "", ARTICLES, "村规民约", "起草"),
        ("东风社区居民公约", "", LEVELS, "村规民约", "起草"),
        ("柳树湾村股份经济合作社章程（草案）", "", ARTICLES, "村规民约", "审议"),
        ("石桥县公安局招聘警务辅助人员公告", "", LEVELS, "招聘公告", "起草"),
        ("云川市实验小学2026年招生简章", "", LEVELS, "招生简章", "起草"),
        ("城北片区房屋征收补偿方案（征求意见稿）", "", LEVELS, "征收补偿方案", "征求意见"),
        ("城北片区集体土地征收补偿安置方案", "", LEVELS, "征收补偿方案", "起草"),
        ("中华人民共和国测试法", "2025年3月1日第十四届全国人民代表大会通过", ARTICLES, "其他", "公布"),
        ("致家长的一封信", "", LEVELS, "其他", "起草"),
    ],
)
def test_kind_and_stage(title: str, below: str, body: str, kind: str, stage: str) -> None:
    document = read(f"{title}\n{below}\n{body}".encode(), "附件.txt")
    assert (document.title, document.document_kind.value, document.stage.value) == (title, kind, stage)
    assert document.document_kind.reason
    assert document.stage.reason
    assert kind in DOCUMENT_KINDS
    assert stage in STAGES


def test_stage_from_file_name() -> None:
    document = read(f"云川市养老条例\n{ARTICLES}".encode(), "云川市养老条例（送审稿）.txt")
    assert document.stage.value == "送审"
    assert "文件名" in document.stage.reason


def test_title_falls_back_to_file_name() -> None:
    assert read(ARTICLES.encode(), "停车办法.txt").title == "停车办法"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("云川市养老条例", "云川市养老条例"),
        (
            "云川市实施《中华人民共和国\n老年人权益保障法》办法",
            "云川市实施《中华人民共和国老年人权益保障法》办法",
        ),
        ("云川市养老条例\n（草案二次审议稿）", "云川市养老条例（草案二次审议稿）"),
        ("附件2\n云川市养老条例", "云川市养老条例"),
        (
            "云川市人民政府文件\n云政发〔2026〕1号\n云川市人民政府关于\n加强养老工作的意见",
            "云川市人民政府关于加强养老工作的意见",
        ),
        ("云川市养老条例（2026年3月1日市人大常委会通过）", "云川市养老条例"),
        ("云川市养老条例\n2026年3月1日市人大常委会通过", "云川市养老条例"),
        ("云川市养老条例\n\n目\u3000录\n第一章 总则\n\n第一章 总则", "云川市养老条例"),
    ],
)
def test_title(lines: str, title: str) -> None:
    assert read(f"{lines}\n{ARTICLES}".encode(), "x.txt").title == title
