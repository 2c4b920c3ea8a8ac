"""What screening costs beside bare jieba, bare imports, and the plausible other ways of doing it.

``python -m benchmarks screening [FOLDER]`` screens every regulation (``*.txt``) below a folder, by default
``../shared/laws``. The peers run in the same process on the same text, document by document in turn, in
processor time; cold starts and memory are measured on processes of their own. Read the ratios, not the seconds.
"""

from __future__ import annotations

import logging
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba

from assessment import documents, screening
from assessment.documents.models import Document
from assessment.paths import ROOT
from assessment.screening.engine import NOT_SCREENED
from assessment.training.dataset import read_corpus
from assessment.training.peers import PlainTfidf, SpacyTextcat

LAWS = ROOT.parent / "shared" / "laws"
COLD_RUNS = 5
KILOBYTES = 1024
"""The kernel counts memory in kilobytes: so many to a MB."""

PEER_IMPORTS = "import spacy, sklearn"
SCREEN_ALL = "import sys; from benchmarks.screening import screen_all; screen_all(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, against which peer, the figure, and what is wanted."""

    what: str
    peer: str
    figure: str
    wanted: str


def main(folder: str = str(LAWS)) -> None:
    """Print the table."""
    laws = read_laws(Path(folder))
    if not laws:
        print(f"no regulations below {folder}")
        return
    print(f"{len(laws)} regulations, {sum(len(law.text) for law in laws):,} characters")
    rows = [*throughput(laws), *linearity(laws), cold(Path(folder)), memory(Path(folder))]
    print("| what | peer | measured | wanted |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.peer} | {row.figure} | {row.wanted} |")


def read_laws(folder: Path) -> list[Document]:
    """Every ``*.txt`` below a folder as a document, in the order of the names."""
    return [documents.read(path.read_bytes(), path.name) for path in sorted(folder.rglob("*.txt"))]


def screen_all(folder: str) -> None:
    """Read and screen one regulation after the other; print the largest memory this process had, in kB."""
    for path in sorted(Path(folder).rglob("*.txt")):
        screening.screen(documents.read(path.read_bytes(), path.name))
    status = Path("/proc/self/status").read_text()
    print(status.partition("VmHWM:")[2].split()[0])


def throughput(laws: Sequence[Document]) -> list[Row]:
    """Screening and its alternatives against ``jieba.cut`` over the same text."""
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    screening.classify("招聘岗位限男性。")
    examples = read_corpus()
    tfidf, textcat = PlainTfidf(examples), SpacyTextcat(examples)
    ways: dict[str, Callable[[Document], object]] = {
        "jieba.cut": lambda law: sum(1 for _ in jieba.cut(law.text)),
        "screening, document to findings": screening.screen,
        "spaCy: jieba tokenizer + textcat, every clause": lambda law: textcat.opinions(clauses(law)),
        "TF-IDF + logistic regression, every clause": lambda law: tfidf.opinions(clauses(law)),
    }
    taken = dict.fromkeys(ways, 0.0)
    for law in laws:
        for name, way in ways.items():
            taken[name] += seconds(lambda way=way, law=law: way(law))
    peer = taken.pop("jieba.cut")
    wanted = ["at most 0.10", *["–"] * (len(taken) - 1)]
    return [
        Row(name, "jieba.cut", f"{spent / peer:.2f}", limit)
        for (name, spent), limit in zip(taken.items(), wanted, strict=True)
    ]


def clauses(law: Document) -> list[str]:
    """The texts of a document that screening would look at."""
    return [unit.text for unit in law.units if unit.kind not in NOT_SCREENED]


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def linearity(laws: Sequence[Document]) -> list[Row]:
    """The cost of the longest regulation written out two and four times, against once."""
    longest = max(laws, key=lambda law: len(law.text))
    costs = []
    for times in (1, 2, 4):
        law = documents.read("\n".join([longest.text] * times).encode(), "long.txt")
        costs.append(min(seconds(lambda law=law: screening.screen(law)) for _ in range(5)))
    return [
        Row(f"a document {times} times as long", "once", f"{cost / costs[0]:.2f}", f"about {times}")
        for times, cost in zip((2, 4), costs[1:], strict=True)
    ]


def cold(folder: Path) -> Row:
    """``screen FILE`` from nothing against bare imports, on the file of median size, in turn."""
    files = sorted(folder.rglob("*.txt"), key=lambda path: path.stat().st_size)
    screen = ["-m", "assessment", "screen", str(files[len(files) // 2].resolve())]
    ratio = statistics.median(spent(screen) / spent(["-c", PEER_IMPORTS]) for _ in range(COLD_RUNS))
    return Row("cold `screen FILE`", f"`{PEER_IMPORTS}`", f"{ratio:.2f}", "at most 1.6")


def memory(folder: Path) -> Row:
    """The largest memory of a process of its own that reads and screens the whole folder.

    The child asks /proc, not getrusage: what the kernel reports there begins with the memory of the parent.
    """
    command = [sys.executable, "-c", SCREEN_ALL, str(folder.resolve())]
    peak = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return Row("all, one process, peak memory", "–", f"{int(peak) / KILOBYTES:.0f} MB", "under 700 MB")


def spent(arguments: Sequence[str]) -> float:
    """Processor seconds of Python with arguments, run to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
