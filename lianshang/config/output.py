"""What a command prints: JSON alone on standard output, or Chinese text; messages go to standard error."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID


class Unusable(Exception):
    """The input or the settings cannot be used. One Chinese sentence; the command ends with exit code 2."""

    @property
    def sentence(self) -> str:
        return str(self.args[0])


def emit(args: argparse.Namespace, data: Any, text: str) -> None:
    """Print `data` as JSON alone if `--json` was given, else `text`."""
    show(dumps(data) if args.json else text)


def dumps(data: Any) -> str:
    """JSON in UTF-8: decimals are numbers, times are ISO 8601 with their zone; NaN is refused."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, default=_plain)


def show(text: str) -> None:
    """The answer itself, on standard output."""
    print(text)


def say(sentence: str) -> None:
    """A message for the person at the terminal, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date() | time():
            return value.isoformat()
        case UUID() | PurePath():
            return str(value)
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
