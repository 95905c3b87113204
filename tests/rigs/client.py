"""A visitor who blows whistles as fast as the server answers, and writes down, synced, what was promised.

`promised.jsonl`: each receipt that came. `asked.jsonl`: each form before it is sent. What got no answer is sent once more,
with its own key and words.
"""

import hashlib
import json
import os
import random
import time
from http.client import HTTPException
from pathlib import Path
from threading import Event
from typing import Any

from bench.visitor import HIDDEN, Visitor

ATTEMPTS = 20  # of somebody who presses again
EDGE = "----------------------------rig"


def visitor_of(port: int, seed: int) -> Visitor:
    return Visitor(port, address=f"10.{seed % 250}.{seed // 250 % 250}.{random.Random(seed).randint(1, 250)}")


def press(port: int, door: str, folder: Path, seed: int, stop: Event) -> None:
    """Whistle until told to stop; what fails is left unanswered."""
    folder.mkdir(parents=True, exist_ok=True)
    visitor, number = visitor_of(port, seed), 0
    while not stop.is_set():
        try:
            send(visitor, door, folder, form_of(visitor, door, f"{seed}-{number}"))
        except (OSError, HTTPException, RuntimeError):
            time.sleep(0.02)
            visitor.close()
        number += 1
    visitor.close()


def press_again(port: int, door: str, folder: Path, seed: int, end: float) -> None:
    """Send what got no answer by `end` once more, until it gets one. Raises what the last attempt raised."""
    visitor = visitor_of(port, seed)
    for form in unanswered(folder, end):
        for left in reversed(range(ATTEMPTS)):
            try:
                send(visitor, door, folder, form)
                break
            except (OSError, HTTPException, RuntimeError):
                visitor.close()
                if not left:
                    raise
                time.sleep(0.5)
    visitor.close()


def form_of(visitor: Visitor, door: str, name: str) -> dict[str, Any]:
    """Open the page and fill it in."""
    answer = visitor.get(door)
    if answer.status != 200:
        raise RuntimeError(str(answer.status))
    words = {"text": f"第 {name} 件，东门路灯不亮。", "phone": "13800001234", "nature": "help", "proof": "0"}
    return dict(HIDDEN.findall(answer.text)) | words | {"name": name, "cookies": dict(visitor.cookies)}


def send(visitor: Visitor, door: str, folder: Path, form: dict[str, Any]) -> None:
    """Send it as the browser that opened it. Raises `RuntimeError` where the answer is no receipt."""
    told(folder / "asked.jsonl", form)
    visitor.cookies |= form["cookies"]
    fields = {name: value for name, value in form.items() if name not in ("name", "cookies")}
    answer = visitor.send(door, body(fields, form["name"]), f"multipart/form-data; boundary={EDGE}")
    if answer.status != 302:
        raise RuntimeError(f"{answer.status} {answer.text[:2000]}")
    told(folder / "promised.jsonl", {"name": form["name"], "at": answer.location, "when": time.monotonic()})


def attachment(name: str) -> bytes:
    """Unlike any other, and large enough to lie in several blocks."""
    return b"%PDF-1.4\n%" + hashlib.sha256(name.encode()).hexdigest().encode() * 300 + b"\n%%EOF\n"


def body(fields: dict[str, str], name: str) -> bytes:
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    ]
    file = f'--{EDGE}\r\nContent-Disposition: form-data; name="files"; filename="{name}.pdf"\r\n'
    head = "".join(parts) + file + "Content-Type: application/pdf\r\n\r\n"
    return head.encode() + attachment(name) + f"\r\n--{EDGE}--\r\n".encode()


def told(path: Path, line: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines(path: Path) -> list[dict[str, Any]]:
    """What was written; a last line that was cut short was never told."""
    if not path.exists():
        return []
    whole = [line for line in path.read_text(encoding="utf-8").split("\n") if line.endswith("}")]
    return [json.loads(line) for line in whole]


def promised(folder: Path, end: float, again: float) -> list[dict[str, Any]]:
    """Return what was promised before `end`, when the power went, and after `again`, when it was back."""
    return [one for one in lines(folder / "promised.jsonl") if one["when"] < end or one["when"] > again]


def unanswered(folder: Path, end: float) -> list[dict[str, Any]]:
    done = {one["name"] for one in promised(folder, end, float("inf"))}
    asked = {one["name"]: one for one in lines(folder / "asked.jsonl")}
    return [one for name, one in asked.items() if name not in done]
