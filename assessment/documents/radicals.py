"""Radical and compatibility code points that PDF fonts put in place of ordinary characters.

Only U+2E80–2FDF and U+F900–FAFF are translated, one character for one, so offsets stay; full-width
punctuation and all else is left as printed.
"""

from __future__ import annotations

import re
import unicodedata

# Radicals that Unicode gives no decomposition but that stand for the character beside them.
SUPPLEMENT = dict(
    zip(
        "⺁⺄⺇⺈⺊⺋⺌⺎⺏⺐⺒⺓⺗⺙⺝⺟⺠⺡⺢⺣⺥⺨⺩⺫⺬⺭⺮⺰⺴⺵⺶⺷⺸⺹⺻⺼⺾⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⺅⺉⺖⺘⺜⺤⻍⻞",
        "厂乙几刀卜卩小兀尢尣巳幺心攵月母民氵水灬爫犭王罒示礻竹纟网罒羊羊羊耂聿月艹艹虎衤覀西见角角讠贝足车辶辶阝钅長镸长门阝雨青韦页风飞食食饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀亻刂忄扌日爫辶食",
        strict=True,
    )
)


def _table() -> dict[int, str]:
    table = {ord(radical): character for radical, character in SUPPLEMENT.items()}
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code) and len(plain) == 1:
            table[code] = plain
    return table


TABLE = _table()
"""For ``str.translate``: every value is one character."""

RARE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def ordinary(text: str) -> str:
    """``text`` with radicals and compatibility ideographs made ordinary characters; same length."""
    return text.translate(TABLE) if RARE.search(text) else text
