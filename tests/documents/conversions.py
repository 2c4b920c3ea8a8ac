"""Real regulations turned into every format an office receives, for measuring what reading gives back."""

from __future__ import annotations

import html
import io
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import docx
import pypdfium2 as pdfium
from docx.shared import Pt
from PIL import Image
from rapidfuzz.distance import Levenshtein

from assessment.documents import Document
from assessment.documents.formats import libreoffice

from .builders import saved
from .ofd_writer import ofd, set_in_pages

SIZE = 12
"""Points; the scans show text of this size at 200 dots to the inch."""

WIDTHS = str.maketrans("(),:;?!<>", "（），：；？！〈〉")
"""Half-width punctuation as the full-width it is in print."""

CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a document read in one format is from the same document read as plain text.

    Attributes:
        characters: share of the characters, white space aside, that must be changed to get the other.
        labels: share of the clause labels that are the same, in order.
        same_labels: whether all are.
    """

    characters: float
    labels: float
    same_labels: bool


def difference(plain: Document, other: Document, widths: bool = True) -> Difference:
    """Of ``other`` from ``plain``; with ``widths`` false, half- and full-width punctuation are the same."""
    table = {} if widths else WIDTHS
    wanted, got = (re.sub(r"\s", "", document.text).translate(table) for document in (plain, other))
    labels, found = (
        [clause.label.translate(table) for clause in document.clauses] for document in (plain, other)
    )
    same = sum(
        block.size for block in SequenceMatcher(None, labels, found, autojunk=False).get_matching_blocks()
    )
    distance = Levenshtein.distance(wanted, got) / max(len(wanted), 1)
    return Difference(distance, same / max(len(labels), len(found), 1), labels == found)


def as_word(text: str) -> bytes:
    """A Word file with a centred title, indented paragraphs, a running head and a foot."""
    document = docx.Document()
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for index, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        if index:
            paragraph.paragraph_format.first_line_indent = Pt(2 * SIZE)
        else:
            paragraph.alignment = 1
        for run in paragraph.runs:
            run.font.size = Pt(SIZE)
    document.sections[0].header.paragraphs[0].text = "某市人民代表大会常务委员会"
    document.sections[0].footer.paragraphs[0].text = "讨论用"
    return saved(document)


def as_ofd(text: str) -> bytes:
    """An OFD in which every line stands where it would be printed."""
    return ofd(set_in_pages([line.strip() for line in text.split("\n") if line.strip()]))


def as_html(text: str) -> str:
    """A web page with indented paragraphs, to be printed by a browser."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    style = (
        f"body{{font:{SIZE}pt/1.75 'Noto Serif CJK SC',serif;text-align:justify}}"
        "p{margin:0;text-indent:2em}h1{text-align:center}"
    )
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines[1:])
    head = f"<html lang=zh-CN><meta charset=utf-8><style>{style}</style>"
    return f"{head}<h1>{html.escape(lines[0])}</h1>{body}"


def convert(files: Sequence[Path], ending: str, folder: Path) -> None:
    """What LibreOffice makes of several files in one run."""
    program = libreoffice.find()
    subprocess.run(
        [str(program), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", ending, "--outdir", str(folder), *map(str, files)],
        capture_output=True, timeout=60 + 20 * len(files), check=True,
    )  # fmt: skip


def printed(browser: str, page: Path) -> bytes:
    """A web page as a browser prints it."""
    target = page.with_suffix(".print.pdf")
    subprocess.run(
        [browser, *CHROMIUM, f"--print-to-pdf={target}", str(page)],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return target.read_bytes()


def scanned(data: bytes, dots: int = 200) -> bytes:
    """A PDF of which every page is a grey picture."""
    document = pdfium.PdfDocument(data)
    pictures: list[Image.Image] = [page.render(scale=dots / 72).to_pil().convert("L") for page in document]
    document.close()
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:], resolution=dots, quality=75)
    return buffer.getvalue()
