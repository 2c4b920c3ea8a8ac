"""办理设置: which steps this office requires, and within how many working days each is to be done."""

from __future__ import annotations

import streamlit as st

from assessment import permissions
from assessment.usecases.settings import STEPS
from assessment.web.errors import shown
from assessment.web.session import require_account, workbench

STEP_MEANS = {
    "second_reader": "相关性判断由另一人复核；两人不一致时由妇儿工委办处理",
    "self_assessment": "评估前由起草单位按同一清单自评",
    "declaration": "评分人员先声明有无利害关系，再开始评分",
    "quotes": "正文可以支持的清单项，选“符合”须引用草案原文",
    "settlement": "评分表收齐后逐项合议，再成文",
    "committee": "成文后提请委员会审议，再签发",
}
LIMITS = {
    "relevance": "登记后作出相关性判断",
    "self_assessment": "选定清单后完成自评",
    "scoring": "确定评分人员后交齐评分表",
    "settlement": "评分表收齐后完成合议",
    "committee": "成文后完成审议",
    "signing": "可以签发后完成签发",
    "adoption": "签发后取得公布文本并核对落实",
}

account = require_account()
bench = workbench()
st.title("办理设置")
if not permissions.may(account, "configure"):
    st.info("办理程序由管理员或妇儿工委办设置。")
    st.stop()
current = bench.procedure()
st.caption("选用的步骤是办理的必经环节；没有选用的步骤不出现在页面上。改动即时生效，已办结的事项不受影响。")
with st.form("procedure", border=False):
    left, right = st.columns(2, gap="large")
    with left:
        st.header("本单位采用的步骤")
        steps: dict[str, object] = {}
        for step, name in STEPS.items():
            steps[step] = st.toggle(name, current.requires(step), key=f"step-{step}")
            st.caption(STEP_MEANS[step])
    with right:
        st.header("办理期限（工作日）")
        limits = {
            name: int(st.number_input(told, 1, 250, int(getattr(current.limits, name)), key=f"limit-{name}"))
            for name, told in LIMITS.items()
        }
        months = st.number_input(
            "实施后评估默认间隔（个月）", 1, 60, current.follow_up_months, key="follow-up-months"
        )
    if st.form_submit_button("保存设置", type="primary"):
        with shown():
            bench.set_procedure(account, **steps, limits=limits, follow_up_months=int(months))
            st.session_state["procedure-saved"] = True
            st.rerun()
if st.session_state.pop("procedure-saved", False):
    st.success("设置已保存。", icon=":material/check:")
