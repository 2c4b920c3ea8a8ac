"""Characters that cannot be seen, or that change the order in which others are shown, kept out of the text.

They could part a word from its match (女 ZERO WIDTH SPACE 职工) or show a reader another sentence than the one that
is screened, and nothing a draft says needs them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assessment.documents.formats.base import Extract

HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls but tab, soft hyphen, zero-width and bidirectional marks, tags, non-characters, lone surrogates."""


def without_hidden(extract: Extract) -> Extract:
    """The paragraphs without hidden characters; a note counts them."""
    count = sum(len(HIDDEN.findall(paragraph.text)) for paragraph in extract.paragraphs)
    if not count:
        return extract
    shown = tuple(replace(paragraph, text=HIDDEN.sub("", paragraph.text)) for paragraph in extract.paragraphs)
    note = f"文中有 {count} 个看不见或改变显示顺序的控制字符，已去除，以免影响阅读和查找。"
    return replace(extract, paragraphs=shown, notes=(*extract.notes, note))
