#!/usr/bin/env python3
"""Checks what 链上 has signed, without 链上: Python 3.10 or newer and the package `cryptography` are all it needs.

    python3 verify_history.py --witness witness.jsonl --receipt 凭据.json --key 'park.example/history+46d2158b+AVKH…'

A witness file holds one line of JSON for each signed head, with the proof that it continues the line before. A receipt
file holds a signed promise, and, a minute after it was given, the proof that the record is in the tree. The key is what
`lianshang verify --json` prints; take it from somewhere other than the files, else it is only shown that the files agree
with themselves. The tree is that of RFC 9162, signatures are C2SP signed notes with Ed25519.

Ends with 0 if all is proved, 1 if something does not hold, 2 if a file cannot be read, 3 if nothing is wrong but not all is proved.
"""

import argparse
import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALGORITHM = b"\x01"
DASH = "— "
PROMISED = timedelta(seconds=60)


class Wrong(Exception):
    """Something does not hold. The text says what."""


class Findings:
    """What was not proved, told at once."""

    def __init__(self) -> None:
        self.open: list[str] = []

    def unproved(self, text: str) -> None:
        self.open.append(text)
        print(f"NOT PROVED: {text}")


class Unreadable(Exception):
    """A file is not what it should be."""


class Witness:
    """What a witness file told: of which site, the roots by size, and when the last was signed."""

    def __init__(self) -> None:
        self.origin = ""
        self.roots: dict[int, bytes] = {}
        self.until: datetime | None = None


# -- the tree (RFC 9162, section 2.1) ---------------------------------------------------------------------------------


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def check_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> None:
    """2.1.3.2: does the path lead from the leaf to the root?"""
    if not 0 <= index < size or len(leaf) != 32:
        raise Wrong("the record's place is not in the tree")
    found, position, last = leaf, index, size - 1
    for step in path:
        if last == 0:
            raise Wrong("the proof of inclusion is too long")
        if position & 1 or position == last:
            found = node_hash(step, found)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, step)
        position, last = position >> 1, last >> 1
    if last != 0 or found != root:
        raise Wrong("the proof of inclusion does not lead to the signed root")


def check_consistency(old: int, size: int, path: list[bytes], old_root: bytes, root: bytes) -> None:
    """2.1.4.2: does the newer tree begin with the older?"""
    if not 0 < old <= size:
        raise Wrong("the tree became smaller")
    if old == size:
        if path or old_root != root:
            raise Wrong("two different trees of one size were signed")
        return
    steps = list(path)
    if not steps:
        raise Wrong("the proof of consistency is empty")
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if climb(steps, position, last) != (old_root, root):
        raise Wrong("the newer tree does not continue the older: history was rewritten")


def climb(steps: list[bytes], position: int, last: int) -> tuple[bytes, bytes]:
    """Return the older and the newer root that the proof leads to."""
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Wrong("the proof of consistency is too long")
        if position & 1 or position == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise Wrong("the proof of consistency is too short")
    return older, newer


# -- signed notes -----------------------------------------------------------------------------------------------------


def read_key(line: str) -> bytes:
    """`name+id+base64(1 ‖ key)` → the 32 bytes of the key. The id is checked."""
    try:
        name, key_id, encoded = line.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Unreadable(f"not a key: {line[:60]}") from None
    if len(raw) != 33 or raw[:1] != ALGORITHM or hashlib.sha256(f"{name}\n".encode() + raw).hexdigest()[:8] != key_id:
        raise Unreadable(f"not a key: {line[:60]}")
    return raw[1:]


def open_note(note: str, keys: list[bytes]) -> list[str]:
    """Return the lines of a note that one of the keys has signed."""
    text, gap, marks = note.rpartition("\n\n")
    text += "\n"
    for mark in marks.splitlines() if gap else ():
        if not mark.startswith(DASH):
            continue
        name, _, encoded = mark[len(DASH) :].partition(" ")
        if any(is_signed(text, name, encoded, key) for key in keys):
            return text.splitlines()
    raise Wrong("the signature is not that of the key")


def is_signed(text: str, name: str, encoded: str, key: bytes) -> bool:
    try:
        raw = base64.b64decode(encoded, validate=True)
        key_id = hashlib.sha256(f"{name}\n".encode() + ALGORITHM + key).digest()[:4]
        if raw[:4] != key_id:
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def read_head(note: str, keys: list[bytes]) -> tuple[str, int, bytes, datetime]:
    """Return (origin, size, root, when) of a signed head."""
    lines = open_note(note, keys)
    if len(lines) != 4 or not lines[1].isdigit():
        raise Wrong("a signed text is not a head of the tree")
    return lines[0], int(lines[1]), base64.b64decode(lines[2]), datetime.fromisoformat(lines[3])


def read_promise(note: str, keys: list[bytes]) -> tuple[str, str, bytes, datetime]:
    """Return (origin, what was received, leaf hash, until when it has to be in the tree) of a promise, which must be for a minute at most, after the hour where that alone is told."""
    lines = open_note(note, keys)
    if len(lines) != 5 or not lines[0].endswith("/promise"):
        raise Wrong("a signed text is not a promise")
    at, until = datetime.fromisoformat(lines[3]), datetime.fromisoformat(lines[4])
    hour = timedelta(hours=not (at.minute or at.second))  # of a complaint the hour alone is told
    if until - at > PROMISED + hour:
        raise Wrong("the promise is for longer than a minute")
    return lines[0].removesuffix("/promise"), lines[1], base64.b64decode(lines[2]), until


# -- files ------------------------------------------------------------------------------------------------------------


def check_witness(lines: list[Any], keys: list[bytes]) -> Witness:
    """Check each head, that it continues the one before and is of the same site."""
    seen, before = Witness(), None
    for number, line in enumerate(lines, 1):
        try:
            origin, size, root, at = read_head(line["note"], keys)
            same_site(seen.origin, origin)
            if before is not None:
                check_consistency(before[0], size, hashes(line["consistency"]), before[1], root)
        except Wrong as wrong:
            raise Wrong(f"line {number} of the witness: {wrong}") from None
        seen.origin, seen.roots[size], seen.until, before = origin, root, at, (size, root)
    if before is None:
        raise Unreadable("the witness file is empty")
    print(
        f"witness: {len(lines)} heads signed for {origin}, each continuing the one before; the last over {size} leaves"
    )
    return seen


def same_site(one: str, other: str) -> None:
    if one and one != other:
        raise Wrong(f"signed for {other}, and not for {one}")


def check_receipt(told: dict[str, Any], keys: list[bytes], seen: Witness, findings: Findings) -> None:
    """Check the promise, and where the record is in the tree the way to a signed head, and that head with the witness."""
    if "promise" not in told:
        findings.unproved("the receipt holds no signed promise")
        return
    origin, what, leaf, until = read_promise(told["promise"], keys)
    same_site(seen.origin, origin)
    print(f"receipt: {what} was received, and is in the tree by {until} (signed)")
    if "checkpoint" not in told:
        late = "; it should be in the tree long since" if seen.until and seen.until > until else ""
        findings.unproved(
            f"the way to a signed head is not in this file{late}: fetch the receipt again after that time"
        )
        return
    signed_for, size, root, _ = read_head(told["checkpoint"], keys)
    same_site(origin, signed_for)
    check_inclusion(leaf, told["index"], size, hashes(told["path"]), root)
    print(f"receipt: it is leaf {told['index']} under a signed head over {size} leaves")
    if not seen.roots:
        findings.unproved("no witness file was given")
    elif size not in seen.roots:
        findings.unproved("the witness does not know that head")
    elif seen.roots[size] != root:
        raise Wrong("the witness saw another tree of that size: history was forked")
    else:
        print("receipt: the witness saw the same head")


def hashes(encoded: list[str]) -> list[bytes]:
    return [base64.b64decode(one, validate=True) for one in encoded]


def read_lines(path: str) -> list[Any]:
    """Return the lines; one that was cut off by a full disk is passed over."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.rstrip().endswith("}")]


def read_receipt(path: str) -> dict[str, Any]:
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise Unreadable(f"not a receipt: {path}")
    return told


def chosen_keys(given: list[str], receipts: list[dict[str, Any]], findings: Findings) -> list[bytes]:
    """Return the keys: those that were given, else those that the receipts name themselves."""
    lines = given or [line for told in receipts for line in told.get("keys", ())]
    if not lines:
        raise Unreadable("no key: give --key, as `lianshang verify --json` prints it")
    if not given:
        findings.unproved("no --key: the keys are those that the receipt files name, which may be anybody's")
    return [read_key(line) for line in lines]


def check(options: argparse.Namespace, findings: Findings) -> None:
    receipts = [read_receipt(path) for path in options.receipt]
    keys = chosen_keys(options.key, receipts, findings)
    seen = check_witness(read_lines(options.witness), keys) if options.witness else Witness()
    for told in receipts:
        check_receipt(told, keys, seen, findings)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", action="append", default=[], help="public key, may be repeated")
    parser.add_argument("--witness", help="witness file")
    parser.add_argument("--receipt", action="append", default=[], help="receipt file, may be repeated")
    options = parser.parse_args(words)
    if not options.witness and not options.receipt:
        parser.error("nothing to check: give --witness or --receipt")
    findings = Findings()
    try:
        check(options, findings)
    except Wrong as wrong:
        print(f"WRONG: {wrong}")
        return 1
    except (Unreadable, OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be used: {error}", file=sys.stderr)
        return 2
    print("nothing is wrong, but not all is proved" if findings.open else "all holds")
    return 3 if findings.open else 0


if __name__ == "__main__":
    sys.exit(main())
