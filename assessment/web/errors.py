"""What the screen shows when something cannot be done, or went wrong inside."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from assessment.messages import ConflictError, WorkbenchError

_LOG = logging.getLogger("assessment.web")


@contextmanager
def shown() -> Iterator[None]:
    """Show a numbered refusal where the control stands; what was typed stays in its widgets."""
    try:
        yield
    except ConflictError as error:
        st.warning(f"{error.code} {error.message}", icon=":material/group:")
    except WorkbenchError as error:
        st.error(f"{error.code} {error.message}", icon=":material/error:")


def show_script_error(error: Exception) -> bool:
    """Replace the framework's English crash box by a Chinese one; the details go to the server's log."""
    if isinstance(error, WorkbenchError):
        st.error(f"{error.code} {error.message}", icon=":material/error:")
        return True
    number = secrets.token_hex(3)
    _LOG.error("page failed, incident %s", number, exc_info=error)
    st.error(
        f"页面出现了意外错误（编号 {number}）。已保存的内容都在，没有丢失。"
        "请刷新页面再试；如仍出现，请把编号告诉管理员，服务器日志中有详细记录。",
        icon=":material/error:",
    )
    return True
