"""Fifty experts filling their sheets at once against one server, over the protocol a browser speaks.

Each expert has a WebSocket of its own, opens the scoring page and answers every item of one checklist, with a
pause for thought between two answers. Measured is the time from an answer's leaving to the end of the run it
starts, when the page says it is saved. At the end every answer must be in the journal.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from assessment.records.accounts import Account
from assessment.records.store import Store
from assessment.web.session import COOKIE
from assessment.workbench import Description, Incoming, Workbench
from tests.browser.conftest import free_port, start_server
from tests.offices import PASSWORD, VILLAGE_RULES

EXPERTS = 50
CHECKLIST = "gender-equality"
THOUGHT = (6.0, 14.0)
"""Seconds between two answers of one expert; a person who reads the question takes longer."""
LIMIT = 2.0
ANSWER = "部分符合"


@dataclass
class Client:
    """One browser tab: what the server has drawn on it, and what has been entered.

    Attributes:
        socket: the connection.
        query: query string of the address.
        groups: answer fields on the screen: widget id and the fragment it stands in.
        views: the row of buttons that chooses a part of the checklist: widget id, fragment, the parts.
        entered: widget id to what was entered there.
    """

    socket: Any
    query: str
    groups: dict[str, str] = field(default_factory=dict)
    views: tuple[str, str, list[str]] | None = None
    entered: dict[str, WidgetState] = field(default_factory=dict)

    async def run(self, fragment: str = "") -> float:
        """Ask for a run and take in what it draws; seconds until it ended."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = "scoring"
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(self.entered.values())
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while not await self._take():
            pass
        return time.perf_counter() - start

    async def _take(self) -> bool:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(self.socket.recv(), 60))
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._draw(message.delta)
        return kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        )

    def _draw(self, delta: Any) -> None:
        element = delta.new_element
        if element.WhichOneof("type") != "button_group":
            return
        group = element.button_group
        if group.label == "结论":
            self.groups[group.id] = delta.fragment_id
        elif group.label == "部分":
            self.views = (group.id, delta.fragment_id, [option.content for option in group.options])

    def enter(self, widget: str, value: str) -> None:
        """Choose a value of a row of buttons."""
        state = WidgetState(id=widget)
        state.string_array_value.data[:] = [value]
        self.entered[widget] = state


async def expert(port: int, token: str, case: str, waits: random.Random) -> list[float]:
    """One expert answers everything; the seconds each answer took."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": f"http://127.0.0.1:{port}"}
    took: list[float] = []
    async with websockets.connect(
        address, additional_headers=headers, subprotocols=["streamlit"], max_size=None
    ) as socket:
        client = Client(socket, f"case={case}")
        await asyncio.sleep(waits.uniform(0, THOUGHT[1]))
        await client.run()
        for view in client.views[2] if client.views else [""]:
            if client.views and view:
                client.enter(client.views[0], view)
                client.groups = {}
                await client.run()
            for widget, fragment in list(client.groups.items()):
                await asyncio.sleep(waits.uniform(*THOUGHT))
                client.enter(widget, ANSWER)
                took.append(await client.run(fragment))
    return took


def office(folder: Path) -> tuple[Workbench, list[Account], str]:
    """A store with fifty experts on the panel of one case."""
    bench = Workbench(Store.open(folder))
    bench.create_first_account("chief", "主任", "某市妇儿工委办", PASSWORD)
    chief = bench.store.accounts.list()[0]
    experts = [
        bench.create_account(chief, f"expert{n}", f"专家{n}", ["expert"], "某单位", PASSWORD)
        for n in range(EXPERTS)
    ]
    draft = Incoming(VILLAGE_RULES.encode(), "村规.txt")
    case = bench.receive(chief, draft, Description("柳溪村村规民约", "村规民约", "征求意见", "柳溪村"))
    for lens in ("gender", "child"):
        bench.decide_relevance(
            chief, case, lens, "key", "涉及村民待遇和未成年人", bench.case(chief, case).seen
        )
    bench.appoint(chief, case, [CHECKLIST], [person.id for person in experts], bench.case(chief, case).seen)
    return bench, experts, case


async def all_at_once(port: int, tokens: list[str], case: str) -> list[float]:
    """The answers of all experts, in seconds each."""
    runs = [expert(port, token, case, random.Random(number)) for number, token in enumerate(tokens)]
    return [seconds for took in await asyncio.gather(*runs) for seconds in took]


def main() -> None:
    """Print how long an answer took, and that none was lost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        bench, experts, case = office(folder)
        tokens = [bench.store.accounts.open_session(person.id) for person in experts]
        port = free_port()
        server: subprocess.Popen[bytes] = start_server(folder, port)
        try:
            took = asyncio.run(all_at_once(port, tokens, case))
        finally:
            server.terminate()
            server.wait(20)
        stored = sum(len(bench.own_sheets(person, case)[0].given) for person in experts)
        holes = bench.store.verify()
    items = len(took)
    print(f"{EXPERTS} experts, {items} answers, {items - stored} lost, {len(holes)} breaks in the chain")
    cuts = statistics.quantiles(took, n=20)
    print(f"seconds an answer: median {cuts[9]:.2f}, 95th percentile {cuts[18]:.2f}, longest {max(took):.2f}")
    print(f"wanted: nothing lost, none over {LIMIT:.0f} s")


if __name__ == "__main__":
    main()
