"""`python -m bench.lifecycles PORT PLAN`: cases from whistle to confirmation over HTTP, by visitors of a running server.

PLAN is JSON: doors, clients, count (lifecycles in all), pages (whether each step asks for its form and for the page
after it, as a person's browser does, inside the measured time), pids of the servers. Without pages the forms are asked
for before the clock runs and what is measured is the five POSTs; each step is measured for all cases in turn. A proof of
work is solved before the clock runs in any case. Every answer is checked.
"""

import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django_scopes import scope  # noqa: E402

from bench.processes import cpu_ms  # noqa: E402
from bench.visitor import Answer, Visitor  # noqa: E402
from lianshang.cases.access import case_by_code  # noqa: E402
from lianshang.directory.models import Park  # noqa: E402

STEPS = ("submit", "dispatch", "sign", "answer", "confirm")
TEXT = "三号仓库东门的路灯坏了三天，夜班出车看不清，已经刮擦过一次。希望尽快派人来看，并说明何时能修好。"
ANSWER = "已更换灯具 12 盏，今晚恢复照明。今后由专人每周巡查一次，发现问题当天处理。"


@dataclass
class Lifecycle:
    """One case on its way: the visitor's own address, the case's code and key as soon as it has them."""

    number: int
    form: dict[str, str] = field(default_factory=dict)
    code: str = ""
    key: str = ""

    @property
    def comes_from(self) -> str:
        return f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"


@dataclass
class Client:
    """One enterprise after the other, one dispatcher, one liaison: each with a browser of its own."""

    enterprise: Visitor
    dispatcher: Visitor
    liaison: Visitor
    unit: int
    whistle: str
    lives: list[Lifecycle]
    pages: bool
    milliseconds: list[float] = field(default_factory=list)

    def where(self, step: str, life: Lifecycle) -> tuple[Visitor, str, str]:
        """Return whose step it is, the page with its form, the address that it is sent to."""
        act = f"/cases/{life.key}/do/{step}/"
        return {
            "submit": (self.enterprise, f"/w/{self.whistle}/", f"/w/{self.whistle}/"),
            "dispatch": (self.dispatcher, act, act),
            "sign": (self.liaison, f"/cases/{life.key}/", act),
            "answer": (self.liaison, act, act),
            "confirm": (self.enterprise, f"/r/{life.code}/confirm/", f"/r/{life.code}/confirm/"),
        }[step]

    def fields(self, step: str) -> dict[str, str]:
        return {
            "submit": {
                "text": TEXT,
                "place": "三号仓库东门",
                "enterprise_name": "007号示范化工有限公司",
                "phone": "13800000000",
                "nature": "help",
                "another": "yes",  # the same words from the same number again and again are meant here
            },
            "dispatch": {"kind": "", "urgency": "", "lead": str(self.unit)},
            "sign": {},
            "answer": {"note": ANSWER, "close_type": "solved", "way": "page"},
            "confirm": {"grade": "satisfied", "note": ""},
        }[step]

    def prepare(self, step: str, life: Lifecycle) -> None:
        """Ask for the step's form, and solve the proof of the first one."""
        visitor, page, _ = self.where(step, life)
        visitor.address = life.comes_from
        life.form = visitor.form(page)
        if "challenge" in life.form:
            life.form["proof"] = solved(life.form["challenge"])

    def take(self, step: str, life: Lifecycle) -> None:
        """Send the step's form and see that it was taken."""
        visitor, _, address = self.where(step, life)
        visitor.address = life.comes_from
        sent = life.form | self.choices(step) | {"version": life.form.get("version", "")}
        begun = time.perf_counter()
        answer = visitor.post(address, sent)
        if self.pages and answer.location:
            visitor.get(answer.location)
        self.milliseconds.append((time.perf_counter() - begun) * 1000)
        _expect(answer, step)
        if step == "submit":
            life.code = answer.location.strip("/").split("/")[-1]

    def choices(self, step: str) -> dict[str, str]:
        fields = self.fields(step)
        return fields | CLASSES if step == "dispatch" else fields


CLASSES: dict[str, str] = {}


def _expect(answer: Answer, step: str) -> None:
    if answer.status != 302:
        raise RuntimeError(f"{step} was answered {answer.status}: {answer.text[:2000]}")


def solved(challenge: str) -> str:
    """Return a decimal with which the hash opens with the zero bits that are asked for."""
    for number in count():
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - settings.PROOF_BITS) == 0:
            return str(number)
    raise AssertionError


def find(lives: list[Lifecycle]) -> None:
    """Look the keys of new cases up by their codes, as the staff's lists would show them."""
    with scope(park=Park.objects.get()) as _:
        park = Park.objects.get()
        for life in lives:
            case = case_by_code(park, life.code.partition("-")[2])
            life.key = str(case.key)
            CLASSES.update(kind=case.kind, urgency=case.urgency)


def at_once(clients: list[Client], work: Callable[[Client], None]) -> float:
    """Let all clients work at the same time and return the seconds until the last one is ready."""
    faults: list[BaseException] = []

    def guarded(client: Client) -> None:
        try:
            work(client)
        except BaseException as fault:  # noqa: BLE001 told below, in the thread that asked
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(client,)) for client in clients]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return time.perf_counter() - begun


def measured(clients: list[Client], step: str, pids: dict[str, list[int]]) -> dict[str, float]:
    """Do one step of all cases and return its seconds and processor milliseconds."""

    def prepare(client: Client) -> None:
        for life in client.lives:
            client.prepare(step, life)

    def take(client: Client) -> None:
        for life in client.lives:
            if client.pages and step != "submit":  # a whistle's proof is not ours to measure
                client.prepare(step, life)
            client.take(step, life)

    pages = clients[0].pages
    if not pages or step == "submit":
        at_once(clients, prepare)
    before = {name: cpu_ms(*given) for name, given in pids.items()}
    seconds = at_once(clients, take)
    used = {f"cpu_{name}": cpu_ms(*given) - before[name] for name, given in pids.items()}
    if step == "submit":
        find([life for client in clients for life in client.lives])
    return {"seconds": seconds, **used}


def run(port: int, plan: dict[str, Any]) -> dict[str, Any]:
    doors, number = plan["doors"], plan["clients"]
    each = max(1, plan["count"] // number)
    clients = [
        Client(
            enterprise=Visitor(port),
            dispatcher=Visitor(port, doors["dispatchers"][n]),
            liaison=Visitor(port, doors["liaisons"][n]),
            unit=doors["units"][n],
            whistle=doors["whistle"],
            lives=[Lifecycle(plan["first"] + n * each + k) for k in range(each)],
            pages=plan["pages"],
        )
        for n in range(number)
    ]
    steps = {step: measured(clients, step, plan["pids"]) for step in STEPS}
    lives = each * number
    seconds = sum(step["seconds"] for step in steps.values())
    return {
        "lifecycles": lives,
        "per_second": lives / seconds,
        "ms_each": {step: 1000 * told["seconds"] / lives for step, told in steps.items()},
        "cpu_ms": {name: sum(step[f"cpu_{name}"] for step in steps.values()) / lives for name in plan["pids"]},
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), json.loads(sys.argv[2]))))
