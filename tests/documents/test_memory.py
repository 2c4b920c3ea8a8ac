"""Memory grows with the file, not with its square."""

from __future__ import annotations

import tracemalloc

import pytest

from assessment.documents import read

from .builders import word

LINE = "第{}条 县级以上人民政府应当把托位建设列入年度计划，所需资金由同级财政保障，并向社会公布完成情况。"


def lines(count: int) -> list[str]:
    return ["云川市托育服务办法", *(LINE.format(number) for number in range(1, count + 1))]


def peak(data: bytes, name: str) -> int:
    """Most bytes in use at one time while reading."""
    tracemalloc.start()
    try:
        read(data, name)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["txt", "docx"])
def test_four_times_the_text_takes_about_four_times_the_memory(kind: str) -> None:
    def made(count: int) -> bytes:
        return word(lines(count)) if kind == "docx" else "\n".join(lines(count)).encode()

    read(made(50), f"x.{kind}")
    small, large = peak(made(400), f"x.{kind}"), peak(made(1600), f"x.{kind}")
    assert large < 6 * small
