"""An office to test with: a store, its people, and a draft that has something to find."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assessment import documents
from assessment.documents.apart import Progress
from assessment.records.accounts import Account
from assessment.records.store import Store
from assessment.workbench import Description, Incoming, Workbench

PASSWORD = "correct-horse-9"
VILLAGE_RULES = """柳溪村村规民约（征求意见稿）

第一条 为了加强村民自治，维护村民合法权益，结合本村实际，制定本规约。
第二条 女村民与外村人结婚的，户口应当在半年内迁出，逾期不再享受集体收益分配。
第三条 村民代表中妇女的比例应当不少于三分之一。
第四条 村民应当保持房前屋后整洁，垃圾分类投放。
第五条 村民拖欠卫生费的，其子女不得享受村奖学金。
第六条 本规约自村民会议通过之日起施行。
"""


def read_here(data: bytes, name: str, *, progress: Progress | None = None) -> documents.Document:
    """Read a file in this process, which is quicker for tests than in one apart."""
    return documents.read(data, name)


@dataclass(frozen=True)
class Office:
    """A workbench and the people of one small office.

    ``chief`` holds the roles of the first account; the others hold one role each.
    """

    bench: Workbench
    chief: Account
    officer: Account
    secretary: Account
    expert: Account
    second_expert: Account
    observer: Account

    def receive(self, text: str = VILLAGE_RULES, name: str = "村规.txt") -> str:
        """Register a draft; its case id is returned."""
        description = Description("柳溪村村规民约（征求意见稿）", "村规民约", "征求意见", "柳溪村民委员会")
        return self.bench.receive(self.officer, Incoming(text.encode(), name), description)

    def relevant(self) -> str:
        """A case decided relevant under both lenses."""
        case_id = self.receive()
        for lens in ("gender", "child"):
            seen = self.bench.case(self.officer, case_id).seen
            self.bench.decide_relevance(self.officer, case_id, lens, "key", "涉及村民待遇和未成年人", seen)
        return case_id

    def on_panel(self, *experts: Account, checklists: tuple[str, ...] = ("gender-quick",)) -> str:
        """A relevant case with checklists and a panel."""
        case_id = self.relevant()
        seen = self.bench.case(self.officer, case_id).seen
        self.bench.appoint(self.officer, case_id, checklists, [expert.id for expert in experts], seen)
        return case_id

    def fill(self, expert: Account, case_id: str, checklist: str, answer: str = "符合") -> None:
        """Answer every item of one sheet alike and submit it."""
        sheet = next(s for s in self.bench.own_sheets(expert, case_id) if s.checklist.id == checklist)
        for item in sheet.checklist.items:
            self.bench.score_item(expert, case_id, checklist, item.id, answer)
        self.bench.submit_sheet(expert, case_id, checklist)

    def composed(self) -> str:
        """A case whose opinion is frozen and waits for a signature."""
        case_id = self.on_panel(self.expert)
        self.fill(self.expert, case_id, "gender-quick")
        seen = self.bench.case(self.officer, case_id).seen
        self.bench.choose_conclusion(self.officer, case_id, "建议完善", "", "柳溪村民委员会", 30, "", seen)
        self.bench.compose_opinion(self.officer, case_id, self.bench.case(self.officer, case_id).seen)
        return case_id


def open_office(folder: Path) -> Office:
    """An office with six people on an empty store."""
    bench = Workbench(Store.open(folder), read_here)
    bench.create_first_account("chief", "主任", "某市妇儿工委办", PASSWORD)
    chief = bench.store.accounts.list()[0]

    def person(name: str, role: str) -> Account:
        return bench.create_account(chief, name, name, [role], "某单位", PASSWORD)

    return Office(
        bench,
        chief,
        person("officer", "officer"),
        person("secretary", "secretariat"),
        person("expert", "expert"),
        person("second", "expert"),
        person("observer", "observer"),
    )
