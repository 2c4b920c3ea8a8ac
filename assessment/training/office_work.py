"""The work of one retraining run: corpus and decisions become a candidate, compared with the model in use."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assessment.paths import MODELS
from assessment.screening.engine import load_engine
from assessment.screening.model_file import load_classifier
from assessment.training.dataset import Example, fingerprint, read_corpus, read_examples
from assessment.training.fit import prepare
from assessment.training.office import write_examples
from assessment.training.office_compare import Sides, Stored, flags, quality, steps
from assessment.training.office_run import JOB_FILE, Job, Reporter, working
from assessment.training.office_shelf import COMPARISON_FILE, DECISIONS_FILE, SHIPPED, Shelf
from assessment.training.publish import save

MADE = "made"


def main(data: Path) -> None:
    """Do the job that lies in the run folder of a data folder."""
    shelf = Shelf(data)
    job = Job(**json.loads((shelf.run / JOB_FILE).read_text(encoding="utf-8")))
    if hasattr(os, "nice"):
        os.nice(10)
    with working(shelf, job.minutes) as reporter:
        reporter.done(shelf.put(make(shelf, job, reporter)))


def make(shelf: Shelf, job: Job, reporter: Reporter) -> Path:
    """The folder of the finished candidate: model, manifest, the decisions it learned from, the comparison."""
    reporter.step("读入语料和处理结果")
    corpus = read_corpus(Path(job.corpus))
    new = read_examples(shelf.run / DECISIONS_FILE)
    in_use = MODELS if job.old == SHIPPED else shelf.folder / job.old
    before = () if job.old == SHIPPED else _marked(read_examples(in_use / DECISIONS_FILE))
    sides = Sides(
        prepare([*corpus, *before, *new]),
        frozenset(example.id for example in corpus),
        frozenset(example.id for example in before),
        new,
        load_classifier(in_use),
    )
    reporter.plan(3 + steps(sides))
    reporter.step("训练候选模型")
    made = shelf.run / MADE
    candidate = sides.candidate()
    save(candidate, made, fingerprint([*corpus, *new]))
    write_examples(new, made / DECISIONS_FILE)
    rows = quality(sides, reporter.step)
    reporter.step("用两个模型筛查已存草案")
    drafts = [Stored(case, version, title, Path(path)) for case, version, title, path in job.drafts]
    changed = flags(
        drafts,
        load_engine(in_use),
        load_engine(made),
        lambda done: reporter.detail(f"用两个模型筛查已存草案（{done}/{len(drafts)}）"),
    )
    comparison: dict[str, Any] = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": job.by,
        "identity": candidate.identity,
        "against": job.old,
        "counts": job.counts,
        "drafts": len(drafts),
        "quality": [asdict(row) for row in rows],
        "flags": [asdict(flag) for flag in changed],
    }
    text = json.dumps(comparison, ensure_ascii=False, indent=1)
    (made / COMPARISON_FILE).write_text(text, encoding="utf-8")
    return made


def _marked(examples: tuple[Example, ...]) -> tuple[Example, ...]:
    """The same examples under ids of their own, for a clause may be labelled otherwise today."""
    return tuple(replace(example, id=f"before-{example.id}") for example in examples)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]))
