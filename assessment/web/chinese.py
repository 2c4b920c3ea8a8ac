"""The framework's own English labels, put into Chinese in the browser.

Streamlit has no language setting. A small observer replaces exactly these texts (and the same in ``title``,
``aria-label`` and ``placeholder``) wherever the framework writes them; nothing a person wrote is touched
unless it equals one of them to the letter.
"""

from __future__ import annotations

import json

EXACT = {
    "Select all": "全选",
    "No results": "没有匹配项",
    "No data": "没有数据",
    "Upload": "选择文件",
    "Browse files": "选择文件",
    "Drag and drop file here": "把文件拖到这里",
    "Drag and drop files here": "把文件拖到这里",
    "Choose date": "选择日期",
    "Clear all": "全部清除",
    "Clear value": "清除",
    "Clear entry": "清除",
    "Clear date": "清除日期",
    "Clear selection": "取消选择",
    "Remove": "移除",
    "Remove file": "移除文件",
    "Open": "展开",
    "Close": "关闭",
    "Cancel": "取消",
    "Copy": "复制",
    "Calendar": "日历",
    "Increment": "加一",
    "Decrement": "减一",
    "Previous": "上一个",
    "Next": "下一个",
    "Previous page": "上一页",
    "Next page": "下一页",
    "Previous month": "上个月",
    "Next month": "下个月",
    "Pagination": "分页",
    "Sidebar": "侧栏",
    "App pages": "页面",
    "Expand sidebar": "展开侧栏",
    "Collapse sidebar": "收起侧栏",
    "Main menu": "主菜单",
    "Skip to main content": "跳到正文",
    "Show password text": "显示密码",
    "Hide password text": "隐藏密码",
    "Fullscreen": "全屏",
    "Exit fullscreen": "退出全屏",
    "Search": "查找",
    "Close Search": "关闭查找",
    "Download as CSV": "下载为 CSV",
    "Show/hide columns": "显示或隐藏列",
    "Sort ascending": "升序排列",
    "Sort descending": "降序排列",
    "Pin column": "固定此列",
    "Unpin column": "取消固定",
    "Hide column": "隐藏此列",
    "Autosize": "自动列宽",
    "Format": "格式",
    "Statistics": "统计",
    "Copy column name": "复制列名",
    "Dataframe column menu": "列菜单",
    "Selected values": "已选项",
    "Notifications": "通知",
    "Running...": "正在处理……",
    "Stop": "停止",
    "Rerun": "重新载入",
    "Print": "打印",
    "Try again": "重试",
    "Connection error": "连接中断",
    "Scroll tabs left": "向左",
    "Scroll tabs right": "向右",
    "Link to heading": "本节链接",
    "Page not found": "没有这个页面",
    "View less": "收起",
}
PATTERNS = {
    r"^Select (\d+) matches$": "选中 $1 项匹配",
    r"^(\d+) ?MB per file.*$": "单个文件不超过 $1 MB",
    r"^Limit (\d+) ?MB per file.*$": "单个文件不超过 $1 MB",
    r"^Help for (.*)$": "说明：$1",
    r"^Remove (.*)$": "移除 $1",
    r"^You can only select up to (\d+) options?\..*$": "最多选 $1 项，请先移除一项",
    r"^(.*) is not allowed\.?$": "不能使用：$1",
    r"^File must be (.*) or smaller\.?$": "文件不能超过 $1",
    r"^View (\d+) more$": "再显示 $1 个页面",
    r"^The page that you have requested does not seem to exist.*$": "地址中的页面不存在，或者您不能使用；已转到首页。",
    r"^.* files are not allowed\.?$": "不支持这种格式的文件",
}

_JS = """
<script>
(() => {
  if (window.__assessmentChinese) return;
  window.__assessmentChinese = true;
  const exact = new Map(Object.entries(__EXACT__));
  const patterns = __PATTERNS__.map(([from, to]) => [new RegExp(from), to]);
  const say = (text) => {
    const plain = text.trim();
    if (!plain || !/[A-Za-z]/.test(plain) || plain.length > 120) return null;
    if (exact.has(plain)) return exact.get(plain);
    for (const [from, to] of patterns) if (from.test(plain)) return plain.replace(from, to);
    return null;
  };
  const names = ["title", "aria-label", "placeholder"];
  const skip = new Set(["SCRIPT", "STYLE", "TEXTAREA"]);
  const visit = (node) => {
    if (node.nodeType === 3) {
      const said = skip.has(node.parentElement?.tagName) ? null : say(node.nodeValue);
      if (said) node.nodeValue = said;
    } else if (node.nodeType === 1 && !skip.has(node.tagName)) {
      for (const name of names) {
        const said = node.hasAttribute(name) && say(node.getAttribute(name));
        if (said) node.setAttribute(name, said);
      }
      for (const child of node.childNodes) visit(child);
    }
  };
  visit(document.body);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(visit);
      else visit(change.target);
    }
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: names,
  });
})();
</script>
"""


def script() -> str:
    """The observer, as HTML for a page that may run scripts."""
    exact = json.dumps(EXACT, ensure_ascii=False)
    patterns = json.dumps(list(PATTERNS.items()), ensure_ascii=False)
    return _JS.replace("__EXACT__", exact).replace("__PATTERNS__", patterns)
