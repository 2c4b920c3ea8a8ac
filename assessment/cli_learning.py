"""``assessment learn``: the office's own models from the command line; each command acts as a named account."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assessment.messages import AccountError, WorkbenchError
from assessment.paths import data_folder
from assessment.screening.models import Lens
from assessment.screening.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from assessment.records.accounts import Account
    from assessment.workbench import Workbench

SETS = {"corpus": "留出的语料", "decisions": "本单位的处理结果"}
C = TypeVar("C", bound=Callable[..., object])

as_json = click.option("--json", "json_output", is_flag=True, help="输出 JSON，供其他程序使用。")
reason_option = click.option("--reason", required=True, help="理由，写入更换记录。")


class Refusing(click.Group):
    """A group whose commands end with exit code 2 and one line on standard error when the workbench refuses."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command of the group."""
        try:
            return super().invoke(ctx)
        except WorkbenchError as error:
            click.echo(f"{error.code} {error.message}".replace("\n", " "), err=True)
            raise SystemExit(2) from error


def acting(command: C) -> C:
    """The options every command here takes: the data folder, and whose name stands in the record."""
    data = click.option(
        "--data", type=click.Path(file_okay=False, path_type=Path), help="数据目录；默认与工作台相同。"
    )
    by = click.option("--by", "name", required=True, help="以谁的名义：工作台里的用户名。")
    return data(by(command))


@click.group(cls=Refusing)
def learn() -> None:
    """本单位的模型：用处理结果重新训练，新旧对照，启用或恢复，看实际质量。"""


def office(data: Path | None, name: str) -> tuple[Workbench, Account]:
    """The workbench over a data folder and the account of this user name; AccountError E708 if there is none."""
    from assessment.records.store import Store
    from assessment.workbench import Workbench

    bench = Workbench(Store.open(data or data_folder()))
    for account in bench.store.accounts.list():
        if account.active and account.name.casefold() == name.casefold():
            return bench, account
    raise AccountError("E708")


@learn.command("status")
@acting
def status(data: Path | None, name: str) -> None:
    """处理结果有多少，在用哪个模型，有哪些模型和更换记录。"""
    bench, account = office(data, name)
    found = bench.learning(account)
    kinds = found.data.decisions
    click.echo(
        f"处理结果：确认 {kinds['confirmed']}，改类型 {kinds['retyped']}，排除 {kinds['excluded']}，"
        f"人工添加 {kinds['added']}；可用于训练 {len(found.data.examples)} 条，来自 {found.data.families} 件事项"
    )
    click.echo(f"在用：{found.in_use or '随程序发布的模型'}")
    for kept in found.models:
        click.echo(
            f"模型 {kept.name}：{kept.comparison['made']}，标注增减 {len(kept.comparison['flags'])} 处"
        )
    people = bench.people()
    for choice in found.choices:
        who, model = people.get(choice.actor, choice.actor), choice.model or "随程序发布的模型"
        click.echo(f"{choice.number}. {choice.at} {who} 换为 {model}：{choice.reason}")


@learn.command("retrain")
@click.option("--minutes", type=click.FloatRange(min=0), default=480.0, show_default=True, help="时间上限。")
@acting
def retrain(data: Path | None, name: str, minutes: float) -> None:
    """用语料和本单位的处理结果训练候选模型并对照；不改动在用的模型。按 Ctrl+C 停止。"""
    bench, account = office(data, name)
    bench.retrain(account, minutes)
    told = ""
    try:
        while (state := bench.training_state(account)) and state.condition == "running":
            if told != (told := f"{state.step}/{state.steps} {state.what}"):
                click.echo(told, err=True)
            time.sleep(1)
    except KeyboardInterrupt:
        bench.stop_training(account)
        raise
    if state is None or state.condition != "done":
        click.echo(state.message if state and state.message else "训练已停止。", err=True)
        raise SystemExit(2)
    click.echo(f"已训练出模型 {state.model}")


@learn.command("compare")
@click.argument("model", required=False)
@as_json
@acting
def compare(data: Path | None, name: str, model: str | None, json_output: bool) -> None:
    """候选模型与训练时在用的模型的对照：质量，以及已存草案上增减的每处标注；不写 MODEL 则为最新的。"""
    bench, account = office(data, name)
    models = bench.learning(account).models
    kept = bench.shelf.model(model or (models[0].name if models else ""))
    found = kept.comparison
    if json_output:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    lenses = load_taxonomy().lenses
    lines = [f"模型 {kept.name} 与 {found['against'] or '随程序发布的模型'} 对照"]
    for row in found["quality"]:
        for side, one in (("原用", row["old"]), ("新训练", row["new"])):
            right, said, true = one["concern"]
            lines.append(
                f"{SETS[row['on']]} {lenses[row['lens']]} {row['clauses']} 条 {side}：疑似问题标得对 {right}/{said}，"
                f"找得到 {right}/{true}，误标 {one['false_flags']}/{one['negatives']}"
            )
    lines += [
        f"{flag['case']}《{flag['title']}》{flag['place']} {lenses[flag['lens']]}："
        f"{_types(flag['lens'], flag['old'])} → {_types(flag['lens'], flag['new'])}：{flag['quote']}"
        for flag in found["flags"]
    ]
    click.echo("\n".join(lines))


def _types(lens: Lens, types: Iterable[str]) -> str:
    """Concern types in Chinese; a dash for none."""
    return "、".join(load_taxonomy().concerns[lens][name].label for name in types) or "—"


@learn.command("promote")
@click.argument("model")
@reason_option
@acting
def promote(data: Path | None, name: str, model: str, reason: str) -> None:
    """启用本单位的一个模型；已有的筛查结果不变。"""
    choose(data, name, model, reason)


@learn.command("rollback")
@click.argument("model", default="")
@reason_option
@acting
def rollback(data: Path | None, name: str, model: str, reason: str) -> None:
    """恢复以前的模型；不写 MODEL 则恢复随程序发布的模型。"""
    choose(data, name, model, reason)


def choose(data: Path | None, name: str, model: str, reason: str) -> None:
    """Put a model in use; an empty name is the shipped one."""
    bench, account = office(data, name)
    bench.choose_model(account, model, reason, bench.learning(account).seen)
    click.echo(f"现在使用{f'模型 {model}' if model else '随程序发布的模型'}。已有的筛查结果不变。")


@learn.command("live")
@as_json
@acting
def live(data: Path | None, name: str, json_output: bool) -> None:
    """处理过的标注按月、方面和类型：确认、改类型、排除、人工添加各多少。"""
    bench, account = office(data, name)
    rows = bench.live_quality(account)
    if json_output:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row.month} {load_taxonomy().lenses[row.lens]} {row.type_name}：确认 {row.confirmed}，改类型 {row.retyped}，"
            f"排除 {row.excluded}（共 {row.decided}），人工添加 {row.added}"
        )


@learn.command("reserve")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting
def reserve(data: Path | None, name: str, file: Path) -> None:
    """登记只用于测量的条款（JSONL）；此后与其相同或相近的处理结果不会用于训练。"""
    bench, account = office(data, name)
    click.echo(
        f"已登记 {bench.reserve(account, file)} 条只用于测量的条款；与其相同或相近的处理结果不会用于训练。"
    )
