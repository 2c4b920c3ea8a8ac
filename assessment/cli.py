"""The command line: a thin layer over the same functions the pages use.

Exit codes: 0 done; 1 done, but something asked about is not in order (``verify``); 2 the input or the store
cannot be used, with one line on standard error that says what is wrong and what to do.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from assessment import __version__
from assessment.cli_learning import learn
from assessment.messages import RecordsError, WorkbenchError
from assessment.paths import ROOT, data_folder

if TYPE_CHECKING:
    from assessment.documents.models import Document
    from assessment.records.store import Store
    from assessment.screening.models import Finding, Screening

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE = 10.0
"""Seconds the server is given to end by itself."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
as_json = click.option("--json", "json_output", is_flag=True, help="输出 JSON，供其他程序使用。")


def refusals(command: Callable[P, R]) -> Callable[P, R]:
    """End with exit code 2 and one line on standard error when the workbench refuses."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except WorkbenchError as error:
            click.echo(f"{error.code} {error.message}".replace("\n", " "), err=True)
            raise SystemExit(2) from error

    return guarded


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """政策性别平等与儿童优先评估工作台的命令行。"""


main.add_command(learn)


def _read(path: Path) -> Document:
    from assessment import documents

    return documents.read(path.read_bytes(), path.name)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _document_json(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "sha256": document.sha256,
        "format": document.format,
        "style": document.style,
        "document_kind": asdict(document.document_kind),
        "stage": asdict(document.stage),
        "notes": list(document.notes),
        "clauses": [asdict(clause) for clause in document.clauses],
    }


@main.command()
@click.argument("file", type=FILE)
@as_json
@refusals
def parse(file: Path, json_output: bool) -> None:
    """把一份文件读成条款：编、章、节、条、款、项，或者一、（一）1.（1）。"""
    document = _read(file)
    if json_output:
        _print_json(_document_json(document))
        return
    click.echo(f"{document.title}（{document.document_kind.value}，{document.stage.value}阶段）")
    for note in document.notes:
        click.echo(f"注意：{note}")
    for clause in document.clauses:
        first = clause.text.split("\n", 1)[0]
        click.echo(f"{'　' * (len(clause.path) - 1)}{clause.label}　{first[:60]}")


@main.command()
@click.argument("file", type=FILE)
@as_json
@refusals
def screen(file: Path, json_output: bool) -> None:
    """筛查一份文件：标注、缺项、指标核对和相关性，各附理由和依据。"""
    from assessment import screening

    document = _read(file)
    result = screening.screen(document)
    if json_output:
        _print_json(_screening_json(document, result))
        return
    _print_screening(document, result)


def _finding_json(finding: Finding) -> dict[str, Any]:
    keys = (
        "clause", "lens", "kind", "types", "domains", "start", "end", "quote", "confidence", "severity",
        "reason", "basis", "lookalike", "suggestion", "goals", "source",
    )  # fmt: skip
    whole = asdict(finding)
    return {key: whole[key] for key in keys}


def _screening_json(document: Document, result: Screening) -> dict[str, Any]:
    return {
        "document": _document_json(document),
        "findings": [_finding_json(finding) for finding in result.findings],
        "gaps": [asdict(gap) for gap in result.gaps],
        "figures": [asdict(figure) for figure in result.figures],
        "relevance": {lens: asdict(relevance) for lens, relevance in result.relevance.items()},
        "engine": asdict(result.engine),
    }


def _print_screening(document: Document, result: Screening) -> None:
    from assessment.screening.taxonomy import load_taxonomy

    names = load_taxonomy()
    click.echo(f"{document.title}　{len(document.units)} 个条款")
    for lens, relevance in result.relevance.items():
        level = {"none": "不涉及", "general": "一般", "key": "重点"}[relevance.level]
        click.echo(f"{names.lenses[lens]}：{level}。{relevance.reason}")
    for finding in result.findings:
        types = "、".join(names.concerns[finding.lens][kind].label for kind in finding.types)
        place = " ".join(document.clause(finding.clause).path[-2:])
        click.echo(
            f"\n[{names.lenses[finding.lens]}·{names.kinds[finding.kind]}] {place} {types}\n"
            f"  原文：{finding.quote}\n  理由：{finding.reason}"
        )
        if finding.basis:
            click.echo(f"  依据：{'；'.join(finding.basis)}")
        if finding.suggestion:
            click.echo(f"  建议：{finding.suggestion}")
    for gap in result.gaps:
        click.echo(f"\n[缺项] {gap.title}：{gap.reason}")
    for figure in result.figures:
        click.echo(f"\n[指标] {figure.quote}：{figure.value}，{figure.expected}（{figure.basis}）")


@main.command()
@as_json
@refusals
def classify(json_output: bool) -> None:
    """从标准输入逐行读条款文字，逐行输出标注（总是 JSON，一行对一行）。"""
    from assessment import screening

    for line in sys.stdin:
        findings = screening.classify(line.rstrip("\r\n"))
        click.echo(json.dumps({"findings": [_finding_json(f) for f in findings]}, ensure_ascii=False))


@main.command()
@refusals
def train() -> None:
    """用 corpus/ 中的条款重新训练模型，写入 models/，并打印质量表。"""
    from assessment.training.publish import train as publish

    report = publish()
    click.echo(f"模型 {report.model}：{report.examples} 条，{report.families} 族，{report.size / 1e6:.2f} MB")
    click.echo(report.quality.to_markdown())


@main.command()
@click.option("--gold", type=FILE, help="另一组已标注的条款（JSONL），只用于测量。")
@click.option(
    "--peers",
    type=click.Choice(["quick", "all"]),
    default="quick",
    help="all：同时训练并测量 spaCy textcat 和（已安装时）fastText，约多两分钟。",
)
@as_json
@refusals
def evaluate(gold: Path | None, peers: str, json_output: bool) -> None:
    """打印质量表：本程序与关键词清单、TF-IDF 模型并列，都在没有学过的条款上测量。"""
    from assessment.training.evaluate import evaluate as measure

    table = measure(gold, every_peer=peers == "all")
    if json_output:
        _print_json(asdict(table))
    else:
        click.echo(table.to_markdown())


@main.command("import-plan")
@click.argument("file", type=FILE)
@as_json
@refusals
def import_plan(file: Path, json_output: bool) -> None:
    """把一地的妇女、儿童发展规划读成领域、主要目标和策略措施。"""
    from assessment.plans.importer import import_plan as read_plan
    from assessment.plans.importer import to_json

    plans = read_plan(_read(file).text)
    if json_output:
        click.echo(to_json(plans))
        return
    for plan in plans:
        goals = sum(len(domain.goals) for domain in plan.domains)
        measures = sum(len(domain.measures) for domain in plan.domains)
        click.echo(f"{plan.title}：{len(plan.domains)} 个领域，{goals} 项主要目标，{measures} 项策略措施")
        for domain in plan.domains:
            click.echo(f"　{domain.title}")
            for goal in domain.goals:
                click.echo(f"　　{goal.number}. {goal.text}")


# -- the server ----------------------------------------------------------------------------------


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="端口。")
@click.option("--address", default="127.0.0.1", show_default=True, help="监听地址；0.0.0.0 供局域网访问。")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="数据目录。")
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器。")
def serve(port: int, address: str, data: Path | None, no_browser: bool) -> None:
    """启动工作台。"""
    environment = os.environ | ({"ASSESSMENT_DATA": str(data.resolve())} if data else {})
    click.echo(f"工作台：http://{'127.0.0.1' if address == '0.0.0.0' else address}:{port}　按 Ctrl+C 停止。")
    if not no_browser and sys.stdout.isatty():
        threading.Thread(target=_open_when_up, args=(port,), daemon=True).start()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")]
    options = [f"--server.port={port}", f"--server.address={address}"]
    server = subprocess.Popen([*command, *options], env=environment, cwd=ROOT)
    signal.signal(signal.SIGTERM, lambda *_: _end(server))
    try:
        raise SystemExit(server.wait())
    except KeyboardInterrupt:
        server.wait()
        raise SystemExit(0) from None


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, and end it where open pages keep it from ending; nothing saved is lost by that."""
    server.terminate()
    killing = threading.Timer(PATIENCE, server.kill)
    killing.daemon = True
    killing.start()


def _open_when_up(port: int) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
        except OSError:
            time.sleep(0.5)
        else:
            webbrowser.open(f"http://127.0.0.1:{port}")
            return


# -- the store -----------------------------------------------------------------------------------

data_option = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="数据目录；默认与工作台相同。"
)


def _store(data: Path | None) -> Store:
    from assessment.records.store import Store

    return Store.open(data or data_folder())


@main.command()
@data_option
@refusals
def verify(data: Path | None) -> None:
    """核对流水的链条和每个文件；有问题时退出码为 1。"""
    problems = _store(data).verify()
    for problem in problems:
        click.echo(problem)
    if problems:
        raise SystemExit(1)
    click.echo("流水完整，文件齐全。")


@main.command()
@data_option
@refusals
def rebuild(data: Path | None) -> None:
    """由流水重新生成台账。"""
    _store(data).rebuild()
    click.echo("台账已由流水重新生成。")


@main.command("reset-password")
@click.argument("name")
@data_option
@refusals
def reset_password(name: str, data: Path | None) -> None:
    """忘记密码又没有别的管理员时，在服务器上为一个账户签发一次性代码；原密码同时作废。"""
    accounts = _store(data).accounts
    found = [account for account in accounts.list() if account.name == name]
    if not found:
        raise RecordsError("E708")
    click.echo(f"一次性代码：{accounts.issue_reset(found[0].id)}")
    click.echo("请在登录页选择“收到邀请或重设密码的代码”，凭代码设置新密码。")


@main.command()
@click.argument("file", type=NEW_FILE)
@data_option
@refusals
def backup(file: Path, data: Path | None) -> None:
    """把全部数据备份为一个 zip 文件；工作台运行时也可以备份。"""
    from assessment.records.backup import backup as save

    save(_store(data), file)
    click.echo(f"已备份到 {file}")


@main.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="数据目录已有数据时，用备份整体替换。")
@data_option
@refusals
def restore(file: Path, replace: bool, data: Path | None) -> None:
    """由备份恢复；先核对备份，核对不过则不改动现有数据。"""
    from assessment.records.backup import restore as load

    load(file, data or data_folder(), replace=replace)
    click.echo("已恢复。")


@main.command("export")
@click.argument("file", type=NEW_FILE)
@click.option("--case", "cases", multiple=True, help="事项编号，可重复；不写则导出全部。")
@data_option
@refusals
def export_cases(file: Path, cases: tuple[str, ...], data: Path | None) -> None:
    """导出评估事项为交换包（不含账户）。"""
    from assessment.records.exchange import export_cases as save

    save(_store(data), list(cases) or None, file)
    click.echo(f"已导出到 {file}")


@main.command("import")
@click.argument("file", type=FILE)
@data_option
@refusals
def import_cases(file: Path, data: Path | None) -> None:
    """导入其他单位的交换包；先核对链条和文件，核对不过则不写入。"""
    from assessment.records.exchange import import_bundle

    click.echo(import_bundle(_store(data), file))
