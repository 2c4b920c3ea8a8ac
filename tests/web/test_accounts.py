"""The account page, for oneself and for an administrator."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.offices import PASSWORD, Office
from tests.web.conftest import Visit, press, said


def tab(at: AppTest, label: str) -> list[str]:
    """Markdown of one tab of the administrator's page."""
    return [element.value for t in at.tabs if t.label == label for element in t.markdown]


def test_one_sees_ones_own_account_and_nobody_elses(office: Office, visit: Visit) -> None:
    office.bench.sign_in("expert", PASSWORD, "Mozilla/5.0 (Windows NT 10.0) Chrome/1 Edg/1", "10.0.0.7")
    at = visit(office.expert, "accounts")
    shown = said(at) + "".join(element.value for element in at.html)
    assert all(
        words in shown for words in ("评估专家", "某单位", "修改密码", "Edge · Windows", "10\\.0\\.0\\.7")
    )
    assert "officer" not in shown
    assert not at.tabs


def test_one_signs_out_ones_other_devices(office: Office, visit: Visit) -> None:
    token = office.bench.sign_in("expert", PASSWORD)
    at = visit(office.expert, "accounts")
    press(at, "退出其他所有设备")
    assert not at.exception
    assert office.bench.store.accounts.session_account(token) is None
    assert len(office.bench.own_sessions(office.expert)) == 1


def test_one_corrects_ones_own_name(office: Office, visit: Visit) -> None:
    at = visit(office.expert, "accounts")
    next(field for field in at.text_input if field.label == "姓名").input("专家甲")
    press(at, "保存")
    assert office.bench.store.accounts.get(office.expert.id).display_name == "专家甲"


def test_an_administrator_invites_and_takes_back(office: Office, visit: Visit) -> None:
    at = visit(office.chief, "accounts")
    at.text_input(key="invite-name").input("赵某")
    at.text_input(key="invite-unit").input("文旅局")
    press(at, "生成邀请")
    assert not at.exception
    code = at.code[-1].value
    assert at.code[-2].value.endswith(f"/account/join?code={code}")
    offered = office.bench.invitation(code)
    assert (offered.display_name, offered.unit, offered.roles) == ("赵某", "文旅局", ("expert",))
    press(at.run(), "收回")
    assert office.bench.invitations(office.chief) == []


def test_an_administrator_finds_people_by_words_role_and_standing(office: Office, visit: Visit) -> None:
    office.bench.set_active(office.chief, office.second_expert.id, False)
    at = visit(office.chief, "accounts")
    assert sum("**" in line for line in tab(at, "人员")) == 6
    next(box for box in at.selectbox if box.label == "角色筛选").select("expert").run()
    next(box for box in at.selectbox if box.label == "状态筛选").select("已停用").run()
    assert [line for line in tab(at, "人员") if "**" in line] == ["**second**　⊘ 已停用  \nsecond"]


def test_the_log_tells_an_administrator_who_did_what(office: Office, visit: Visit) -> None:
    office.bench.set_roles(office.chief, office.expert.id, ["leader"])
    at = visit(office.chief, "accounts")
    table = at.dataframe[-1].value
    row = table[table["事项"] == "改变角色"].iloc[0]
    assert (row["操作人"], row["对象"], row["说明"]) == ("主任", "expert", "原：评估专家；现：专家组组长")
