"""A visitor who blows whistles as fast as the server answers, and writes down, synced, what was promised.

    python -m tests.rigs.client PORT DOOR FOLDER SEED [again]

`promised.jsonl`: each receipt that came. `asked.jsonl`: each form before it is sent. With `again`, the forms that got no
answer are sent once more, with their own keys and words.
"""

import hashlib
import json
import os
import random
import sys
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any

from bench.visitor import HIDDEN, Visitor

EDGE = "----------------------------rig"


def main() -> None:
    port, door, folder, seed = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    folder.mkdir(parents=True, exist_ok=True)
    visitor = Visitor(port, address=f"10.{seed % 250}.{seed // 250 % 250}.{random.Random(seed).randint(1, 250)}")
    if "again" in sys.argv:
        for form in unanswered(folder):
            send(visitor, door, folder, form)
        return
    for number in range(10**6):
        try:
            send(visitor, door, folder, form_of(visitor, door, f"{seed}-{number}"))
        except (OSError, HTTPException, RuntimeError):
            time.sleep(0.02)
            visitor.close()


def form_of(visitor: Visitor, door: str, name: str) -> dict[str, str]:
    """Open the page and fill it in."""
    answer = visitor.get(door)
    if answer.status != 200:
        raise RuntimeError(str(answer.status))
    words = {"text": f"第 {name} 件，东门路灯不亮。", "phone": "13800001234", "nature": "help", "proof": "0"}
    return dict(HIDDEN.findall(answer.text)) | words | {"name": name}


def send(visitor: Visitor, door: str, folder: Path, form: dict[str, str]) -> None:
    told(folder / "asked.jsonl", form)
    fields = {name: value for name, value in form.items() if name != "name"}
    answer = visitor.send(door, body(fields, form["name"]), f"multipart/form-data; boundary={EDGE}")
    if answer.status != 302:
        raise RuntimeError(f"{answer.status} {answer.text[:2000]}")
    told(folder / "promised.jsonl", {"name": form["name"], "at": answer.location})


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


def unanswered(folder: Path) -> list[dict[str, Any]]:
    done = {one["name"] for one in lines(folder / "promised.jsonl")}
    return [one for one in lines(folder / "asked.jsonl") if one["name"] not in done]


if __name__ == "__main__":
    main()
