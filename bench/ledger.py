"""`python -m bench.ledger PORT PLAN`: a large ledger in, out and away over HTTP, and what the pages take meanwhile.

PLAN is JSON: session, rows, asked (name → [session, path]), pids of the web server. The ledger is written first, beside
the clock. Each phase is timed from the click until the page says that it is over; while it runs the pages are asked in
turn. Memory is the peak of the process that does the work. Prints JSON: alone, and for each phase seconds, rows a second,
MB, and p50 and p95 of the pages.
"""

import json
import re
import sys
import tempfile
import time
from datetime import datetime, timedelta
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

import xlsxwriter

from bench.pages import quantiles, timed
from bench.processes import tree
from bench.visitor import HIDDEN, Visitor

HEADINGS = (
    "编号", "提出时间", "标题", "正文", "企业名称", "联系人", "联系电话", "诉求性质", "诉求类型", "紧急程度", "主办单位", "协办单位",
    "来源渠道", "所属产业链", "办理时限", "办理进展", "答复内容", "答复时间", "办结类型", "满意度", "地点", "备注",
)  # fmt: skip
ALONE = 40  # rounds of the pages without anything beside
GENTLE = 0.05  # seconds between two pages, as several people at their desks
WAIT = 3600  # seconds for one phase
SELECTED = re.compile(r'<select name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]*)" selected')
BUSY = re.compile(r'http-equiv="refresh"')


def written(path: Path, rows: int) -> float:
    """Write the ledger that comes in: three rows in four are answered. Returns its size in MB."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page, moment = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page.write_row(0, 0, HEADINGS)
    first = datetime(2023, 1, 3, 9)  # noqa: DTZ001 a sheet knows no zones
    for n in range(rows):
        asked = first + timedelta(minutes=13 * n)
        answered = asked + timedelta(days=1 + n % 9) if n % 4 else None
        values = (
            f"L{n:07d}", None, f"厂区第 {n} 处路面破损", f"第 {n} 处路面破损，货车绕行，夜班出车看不清，请尽快修补。", f"示范企业{n % 400}有限公司",
            "张三", f"1380000{n % 10000:04d}", "求助", "基础设施", ("普通", "紧急")[n % 9 == 0], "交通运输局", "综合行政执法局",
            "电话", "焦化", None, "已安排。", "已到现场查看并修补，恢复通行。" if answered else "", None, "已解决" if answered else "",
            "满意" if answered else "", f"{n % 30} 号路", "",
        )  # fmt: skip
        for at, value in enumerate(values):
            if value:
                page.write_string(n + 1, at, value)
        page.write_datetime(n + 1, 1, asked, moment)
        if answered:
            page.write_datetime(n + 1, 17, answered, moment)
    book.close()
    return path.stat().st_size / 2**20


class Beside:
    """Asks for the pages in turn while something else runs, and watches the memory of the child that does it."""

    def __init__(self, port: int, plan: dict[str, Any]) -> None:
        self.port, self.plan, self.over = port, plan, Event()
        self.spent: list[float] = []
        self.peak, self.known = 0.0, set(tree(plan["web"][0]))
        self.threads = [Thread(target=self._ask), Thread(target=self._watch)]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _ask(self) -> None:
        visitors = {name: Visitor(self.port, session) for name, (session, _) in self.plan["asked"].items()}
        while not self.over.is_set():
            for name, (_, path) in self.plan["asked"].items():
                self.spent.append(timed(visitors[name], path)[0])
                time.sleep(GENTLE)

    def _watch(self) -> None:
        while not self.over.is_set():
            for pid in set(tree(self.plan["web"][0])) - self.known:
                self.peak = max(self.peak, _peak_mb(pid))
            time.sleep(0.5)


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def until_done(visitor: Visitor, path: str) -> str:
    """Look at the job's page until it no longer refreshes itself; returns it."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        page = visitor.get(path).text
        if not BUSY.search(page):
            return page
        time.sleep(0.5)
    raise RuntimeError(f"{path} is not over after {WAIT} s")


def sent(visitor: Visitor, page: str, path: str, **fields: str) -> str:
    """Send a form of this page and return where we are led."""
    token = dict(HIDDEN.findall(visitor.get(page).text))["csrfmiddlewaretoken"]
    answer = visitor.post(path, {"csrfmiddlewaretoken": token, **fields})
    if answer.status != 302:
        raise RuntimeError(f"{path} was answered {answer.status}: {answer.text[-400:]}")
    return answer.location


def uploaded(visitor: Visitor, path: Path) -> str:
    token = dict(HIDDEN.findall(visitor.get("/import/").text))["csrfmiddlewaretoken"]
    line = "----ledger"
    field = f'--{line}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="ledger.xlsx"\r\n\r\n'
    body = (field + head).encode() + path.read_bytes() + f"\r\n--{line}--\r\n".encode()
    answer = visitor.send("/import/", body, f"multipart/form-data; boundary={line}")
    if answer.status != 302:
        raise RuntimeError(f"the upload was answered {answer.status}")
    return answer.location


def matched(visitor: Visitor, job: str) -> None:
    """Take the columns as they were guessed."""
    page = visitor.get(job).text
    chosen = {}
    for name, inside in SELECTED.findall(page):
        found = OPTION.search(inside)
        chosen[name] = unescape(found[1]) if found else ""
    chosen["profile"] = (
        chosen.get("profile") or re.findall(r'<select name="profile".*?value="([^"]+)"', page, re.DOTALL)[0]
    )
    sent(visitor, job, f"{job}match/", **chosen)


def phase(port: int, plan: dict[str, Any], work: Any) -> dict[str, Any]:
    begun = time.monotonic()
    with Beside(port, plan) as beside:
        work()
    seconds = time.monotonic() - begun
    return {"seconds": seconds, "per_second": plan["rows"] / seconds, "mb": beside.peak, **quantiles(beside.spent)}


def main(port: int, plan: dict[str, Any]) -> dict[str, Any]:
    visitor, state = Visitor(port, plan["session"]), {}

    def check() -> None:
        state["job"] = uploaded(visitor, path)
        until_done(visitor, state["job"])
        matched(visitor, state["job"])
        page = until_done(visitor, state["job"])
        if "全部导入" not in page:
            raise RuntimeError("the ledger was not found sound")

    def store() -> None:
        sent(visitor, state["job"], f"{state['job']}store/")
        page = until_done(visitor, state["job"])
        state["batch"] = re.findall(r'name="batch" value="(\d+)"', page)[0]

    def take_out() -> None:
        job = sent(visitor, "/cases/", "/cases/export/", what="ledger", query="")
        until_done(visitor, job)
        state["file_mb"] = _fetched(port, visitor, f"{job}file/")

    def undo() -> None:
        until_done(visitor, sent(visitor, "/import/", "/import/undo/", batch=state["batch"]))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        told: dict[str, Any] = {"rows": plan["rows"], "in_mb": written(path, plan["rows"])}
        alone: list[float] = []
        visitors = {name: Visitor(port, session) for name, (session, _) in plan["asked"].items()}
        for _ in range(ALONE):
            alone += [timed(visitors[name], where)[0] for name, (_session, where) in plan["asked"].items()]
        told["alone"] = quantiles(alone[len(plan["asked"]) * 3 :])
        for name, work in (("check", check), ("store", store), ("out", take_out), ("undo", undo)):
            told[name] = phase(port, plan, work)
            print(f"  {name}: {told[name]['seconds']:.0f} s", file=sys.stderr, flush=True)
    return told | {"out_mb": state["file_mb"]}


def _fetched(port: int, visitor: Visitor, path: str) -> float:
    """Download the file and return its size in MB."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    connection.request("GET", path, headers={"Cookie": cookies, "X-Forwarded-For": visitor.address})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200 or content[:2] != b"PK":
        raise RuntimeError(f"the file was answered {answer.status}")
    return len(content) / 2**20


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), json.loads(sys.argv[2]))))
