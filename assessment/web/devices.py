"""What a browser says of itself, put so that a person knows it again."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("MicroMessenger", "微信"),
    ("Firefox", "火狐"),
    ("Chrome", "Chrome 或同类浏览器"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "安卓"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux（含统信、麒麟）"),
)


def device_name(agent: str) -> str:
    """A User-Agent as 浏览器 · 系统; what is not known is said to be so."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "未知浏览器")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "未知系统")
    return f"{browser} · {system}"
