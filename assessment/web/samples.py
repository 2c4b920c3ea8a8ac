"""Sample drafts, written for trying the workbench; each says in its title that it is one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assessment.paths import CORPUS
from assessment.records.accounts import Account
from assessment.web.errors import shown
from assessment.web.session import workbench
from assessment.workbench import Description, Incoming

FOLDER = CORPUS / "samples"


def offer(account: Account) -> None:
    """A button that registers every sample draft as a case of its own."""
    if st.button(
        "载入示例草案", icon=":material/science:", help="示例文本为虚构，标题中注明“示例”，不代表任何单位"
    ):
        with shown(), st.spinner("正在读取并筛查示例草案……"):
            for path in sorted(FOLDER.glob("*.txt")):
                load(account, path)
            st.rerun()


def load(account: Account, path: Path) -> str:
    """Register one sample draft as it was guessed; its case id is returned."""
    bench = workbench()
    data = path.read_bytes()
    document = bench.preview(data, path.name)
    description = Description(document.title, document.document_kind.value, document.stage.value, "示例单位")
    return bench.receive(account, Incoming(data, path.name, document), description)
