"""Forms that lose nothing: what is typed stays until it is saved, and saving names what the person had seen.

A form is filled from the record once. If somebody else changes the record meanwhile, the form says so and
keeps what is typed; the first attempt to save is then refused (E401), a second one, made knowingly, is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import streamlit as st

from assessment.messages import ConflictError
from assessment.views import CaseView
from assessment.web.errors import shown

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one case in this browser tab.

    Attributes:
        name: unique on the page.
        number: goes up with every save, so that the next filling begins with fresh widgets.
        seen: the case's last event number when the form was filled.
        current: the case's last event number now.
    """

    name: str
    number: int
    seen: int
    current: int

    def key(self, field: str) -> str:
        """Widget key of one of the form's fields."""
        return f"{self.name}/{self.number}/{field}"

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Show a refusal; after a conflict the next attempt is made in the knowledge of it."""
        with shown():
            try:
                yield
            except ConflictError:
                st.session_state[_state(self.name)]["seen"] = self.current
                raise

    def done(self) -> NoReturn:
        """What was typed is stored: begin anew from the record."""
        st.session_state[_state(self.name)] = {"number": self.number + 1}
        st.rerun()


def _state(name: str) -> str:
    return f"form/{name}"


def begin(name: str, case: CaseView, stored: Mapping[str, Any]) -> Form:
    """Fill a form's widgets from the record, once, and say so if the record has moved on since.

    Args:
        name: unique for form and case.
        stored: field name to the value on record.
    """
    state = st.session_state.setdefault(_state(name), {"number": 0})
    form = Form(name, state["number"], state.get("seen", case.seen), case.seen)
    if "seen" not in state:
        state |= {"seen": case.seen, "stored": dict(stored)}
        for field, value in stored.items():
            st.session_state[form.key(field)] = value
    elif state["stored"] != dict(stored):
        st.info("他人已更新此处的内容。您填写的内容仍在；可以载入最新内容，或在核对后再次保存。")
        if st.button("载入最新内容", key=f"{name}/reload"):
            form.done()
    else:
        for field, value in stored.items():
            st.session_state.setdefault(form.key(field), value)
    return form


def last_shown(name: str, value: V) -> V:
    """The value that stood on the screen when the person acted, which may be older than ``value``.

    Call it in every run: it remembers ``value`` for the next.
    """
    key = f"shown/{name}"
    before: V = st.session_state.get(key, value)
    st.session_state[key] = value
    return before
