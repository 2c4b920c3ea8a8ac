"""The draft as read, with the findings marked in the text: one component, whatever the length.

Marking happens in the browser from a list of segments; the server never makes a widget a clause. A click on
a mark, or a selection of text, comes back as an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import pairwise

import streamlit as st

from assessment.documents.models import Document
from assessment.views import FindingView
from assessment.web.labels import DECISION, KIND, LENS, SEVERITY

_HEADINGS = {"part", "chapter", "section"}
_RANK = {"concern": 2, "protective": 1, "relevant": 0}

_CSS = """
:host, .draft { font-family: var(--st-font); color: var(--st-text-color); }
.draft { height: 74vh; overflow-y: auto; border: 1px solid #c9d3dd; background: #fff; padding: 1rem 1.4rem;
  line-height: 1.95; font-size: 15px; }
.draft p { margin: 0 0 .45rem; text-indent: 2em; white-space: pre-wrap; overflow-wrap: anywhere; }
.draft p.title { text-align: center; font-weight: 700; font-size: 1.25rem; text-indent: 0; margin: .2rem 0 1rem; }
.draft p.heading { text-align: center; font-weight: 700; text-indent: 0; margin: 1rem 0 .6rem; }
.draft p.aside { color: #5b6b7a; text-indent: 0; text-align: center; font-size: .92rem; }
.mark { cursor: pointer; border-bottom: 2px solid; padding: .1rem 0; border-radius: 2px; }
.tag { cursor: pointer; user-select: none; font-size: .72rem; font-weight: 700; padding: 0 .3rem; margin-right: .25rem;
  border-radius: 2px; color: #fff; vertical-align: 1px; text-indent: 0; white-space: nowrap; }
.mark.concern { background: #fdebe8; border-color: #b3261e; } .tag.concern { background: #b3261e; }
.mark.concern.hint { background: #fff4d9; border-color: #8a6100; } .tag.concern.hint { background: #8a6100; }
.mark.concern.medium { background: #fdeedd; border-color: #a84a00; } .tag.concern.medium { background: #a84a00; }
.mark.protective { background: #e5f3ea; border-color: #1d6f42; } .tag.protective { background: #1d6f42; }
.mark.relevant { background: #e8f0f8; border-color: #1f5f8b; } .tag.relevant { background: #1f5f8b; }
.mark.excluded { background: transparent; border-bottom-style: dotted; }
.mark.confirmed { border-bottom-width: 3px; border-bottom-style: double; }
.chosen { outline: 3px solid #1f5f8b; outline-offset: 1px; }
.mark:focus-visible, .tag:focus-visible { outline: 3px solid #e0a100; outline-offset: 1px; }
"""

_JS = """
const built = new WeakMap();

function build(root, blocks) {
  root.replaceChildren();
  for (const [cls, segments] of blocks) {
    const p = document.createElement("p");
    if (cls) p.className = cls;
    for (const [start, text, finding, look, tags] of segments) {
      for (const [tagged, tagLook, label, title] of tags) {
        const tag = document.createElement("span");
        tag.className = "tag " + tagLook;
        tag.textContent = label;
        tag.title = title;
        tag.dataset.finding = tagged;
        tag.tabIndex = 0;
        tag.setAttribute("role", "button");
        p.append(tag);
      }
      const span = document.createElement("span");
      span.textContent = text;
      span.dataset.start = start;
      if (finding) {
        span.className = "mark " + look;
        span.dataset.finding = finding;
      }
      p.append(span);
    }
    root.append(p);
  }
}

function offset(node, at) {
  const span = node.nodeType === 3 ? node.parentElement : node;
  if (!span || span.dataset?.start === undefined) return null;
  return Number(span.dataset.start) + [...span.textContent.slice(0, at)].length;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".draft");
  if (built.get(parentElement) !== data.version) {
    const top = root.scrollTop;
    build(root, data.blocks);
    root.scrollTop = top;
    built.set(parentElement, data.version);
  }
  const choose = (target) => {
    const mark = target.closest?.(".mark, .tag");
    if (mark) setTriggerValue("picked", { finding: mark.dataset.finding, time: Date.now() });
    return Boolean(mark);
  };
  root.onclick = (event) => {
    const selection = root.getRootNode().getSelection?.() ?? document.getSelection();
    if (selection && !selection.isCollapsed) return;
    choose(event.target);
  };
  root.onkeydown = (event) => {
    if ((event.key === "Enter" || event.key === " ") && choose(event.target)) event.preventDefault();
  };
  root.onmouseup = () => {
    if (!data.selectable) return;
    const shadow = root.getRootNode();
    const selection = shadow.getSelection ? shadow.getSelection() : document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    if (start !== null && end !== null && end > start)
      setTriggerValue("selected", { start, end, time: Date.now() });
  };
  let first = null;
  for (const mark of root.querySelectorAll(".mark, .tag")) {
    const on = mark.dataset.finding === data.chosen;
    mark.classList.toggle("chosen", on);
    if (mark.classList.contains("tag")) mark.setAttribute("aria-pressed", String(on));
    if (on && !first) first = mark;
  }
  if (first && root.dataset.chosen !== data.chosen) {
    const box = root.getBoundingClientRect(), place = first.getBoundingClientRect();
    if (place.top < box.top || place.bottom > box.bottom)
      root.scrollTop += place.top - box.top - box.height / 3;
  }
  root.dataset.chosen = data.chosen ?? "";
}
"""

_component = st.components.v2.component(
    "clause_view",
    html='<div class="draft" lang="zh-CN" tabindex="0" aria-label="草案正文"></div>',
    css=_CSS,
    js=_JS,
)


def clause_view(
    document: Document,
    findings: Sequence[FindingView],
    chosen: str | None,
    *,
    key: str,
    on_pick: Callable[[str], None],
    on_select: Callable[[int, int], None] | None = None,
) -> None:
    """Show the draft with its findings marked.

    Args:
        chosen: id of the finding to outline and scroll to.
        on_pick: called with the id of a finding that was clicked, before the page runs again.
        on_select: called with start and end of words selected in the text; None if none may be marked.
    """

    def picked() -> None:
        event = st.session_state[key].picked
        if event:
            on_pick(str(event["finding"]))

    def selected() -> None:
        event = st.session_state[key].selected
        if event and on_select:
            on_select(int(event["start"]), int(event["end"]))

    blocks = marked_blocks(document, findings)
    _component(
        key=key,
        data={
            "blocks": blocks,
            "version": _version(blocks),
            "chosen": chosen,
            "selectable": on_select is not None,
        },
        on_picked_change=picked,
        on_selected_change=selected,
    )


def _version(blocks: object) -> str:
    return sha256(repr(blocks).encode()).hexdigest()[:16]


Tag = tuple[str, str, str, str]
"""Finding id, CSS classes, label, tooltip: what stands before the words where a finding begins."""
Segment = tuple[int, str, str | None, str, list[Tag]]
"""Start offset, text, finding id (None for plain text), CSS classes, tags of the findings that begin here."""


def marked_blocks(document: Document, findings: Sequence[FindingView]) -> list[tuple[str, list[Segment]]]:
    """The paragraphs of the text, each a CSS class and its segments; their texts joined give the document."""
    classes = _paragraph_classes(document)
    waiting = sorted(findings, key=lambda view: view.finding.start, reverse=True)
    blocks: list[tuple[str, list[Segment]]] = []
    here: list[FindingView] = []
    begun: set[str] = set()
    position = 0
    for line in document.text.split("\n"):
        end = position + len(line)
        while waiting and waiting[-1].finding.start < end:
            here.append(waiting.pop())
        here = [view for view in here if view.finding.end > position]
        cuts = _cuts(position, end, here)
        segments = [_segment(document.text, start, stop, here, begun) for start, stop in pairwise(cuts)]
        if line:
            blocks.append((classes.get(position, ""), segments))
        position = end + 1
    return blocks


def _cuts(start: int, end: int, findings: Iterable[FindingView]) -> list[int]:
    edges = {edge for view in findings for edge in (view.finding.start, view.finding.end)}
    return sorted({start, end} | {edge for edge in edges if start < edge < end})


def _segment(text: str, start: int, end: int, findings: Iterable[FindingView], begun: set[str]) -> Segment:
    over = [view for view in findings if view.finding.start <= start and end <= view.finding.end]
    if not over:
        return (start, text[start:end], None, "", [])
    over.sort(key=lambda view: (-_RANK[view.kind], view.decision == "excluded"))
    new = [view for view in over if view.finding.id not in begun]
    begun.update(view.finding.id for view in new)
    return (start, text[start:end], over[0].finding.id, _look(over[0]), [_tag(view) for view in new])


def _look(view: FindingView) -> str:
    return f"{view.kind} {view.severity if view.kind == 'concern' else ''} {view.decision}"


def _tag(view: FindingView) -> Tag:
    lens = "性别" if view.finding.lens == "gender" else "儿童"
    what = f"疑似·{SEVERITY[view.severity]}" if view.kind == "concern" else KIND[view.kind][:2]
    state = {"confirmed": "✓", "excluded": "✕", "undecided": ""}[view.decision]
    title = f"{LENS[view.finding.lens]}·{KIND[view.kind]}·{DECISION[view.decision]}"
    return (view.finding.id, _look(view), f"{lens}{what}{state}", title)


def _paragraph_classes(document: Document) -> dict[int, str]:
    classes = {clause.start: "heading" for clause in document.clauses if clause.kind in _HEADINGS}
    for clause in document.clauses:
        if clause.kind in ("preamble", "signature"):
            classes.setdefault(clause.start, "aside")
    title = document.text.find(document.title)
    if 0 <= title < 200:
        classes[title] = "title"
    return classes
