"""``python -m assessment.training``: train the shipped model and print what it can do."""

from __future__ import annotations

from pathlib import Path

import click

from assessment.messages import WorkbenchError
from assessment.paths import MODELS
from assessment.training.dataset import CLAUSES
from assessment.training.publish import train


@click.command(help="用标注语料重新训练条款筛查模型，并打印质量表。")
@click.option("--corpus", type=click.Path(path_type=Path), default=CLAUSES, help="标注语料所在文件夹。")
@click.option("--out", type=click.Path(path_type=Path), default=MODELS, help="模型写到哪个文件夹。")
def main(corpus: Path, out: Path) -> None:
    """Train, write and print."""
    try:
        report = train(corpus, out)
    except WorkbenchError as error:
        raise click.ClickException(f"{error.code} {error.message}") from error
    click.echo(f"模型 {report.model}：{report.examples} 条语料，{report.families} 族，{report.size / 1e6:.2f} MB")
    click.echo(report.quality.to_markdown())


if __name__ == "__main__":
    main()
