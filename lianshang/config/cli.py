"""The command `lianshang`: finds subcommands by module name and imports only the one that is asked for."""

import argparse
import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from lianshang import __version__
from lianshang.config import commands
from lianshang.config.output import Unusable, dumps, say, show

SENTENCES = (
    (r"the following arguments are required: (.+)", "缺少参数：{0}"),
    (r"unrecognized arguments: (.+)", "不认识的参数：{0}"),
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", "{0} 不能是 {1}，可以是：{2}"),
    (r"argument (.+): invalid (?:\S+) value: (.+)", "{0} 的值 {1} 不对"),
    (r"argument (.+): expected (?:one|at least one) argument", "{0} 后面要有值"),
    (r"argument (.+): not allowed with argument (.+)", "{0} 与 {1} 不能同时使用"),
)


class Parser(argparse.ArgumentParser):
    """Refuses with one Chinese sentence instead of a screen of usage."""

    def error(self, message: str) -> NoReturn:
        raise Unusable(f"{_in_chinese(message)}。用法见 {self.prog} --help。")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 done with faults, 2 the input cannot be used."""
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianshang.config.settings")
    try:
        return _dispatch(words)
    except Unusable as error:
        return _refuse(error.sentence, as_json="--json" in words)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def names() -> list[str]:
    """All subcommands, as typed."""
    return sorted(m.name.rstrip("_").replace("_", "-") for m in pkgutil.iter_modules(commands.__path__))


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        show(_overview())
        return 0
    if words[0] == "--version":
        show(__version__)
        return 0
    if words[0] not in names():
        raise Unusable(f"没有“{words[0]}”这个命令，可用的命令有：{'、'.join(names())}。")
    command = _load(words[0])
    args = _parser(words[0], command).parse_args(words[1:])
    if command.NEEDS_DATABASE:
        from lianshang.config.database import ready

        ready()
    return int(command.run(args))


def _load(name: str) -> ModuleType:
    modules = {m.name.rstrip("_").replace("_", "-"): m.name for m in pkgutil.iter_modules(commands.__path__)}
    return importlib.import_module(f"{commands.__name__}.{modules[name]}")


def _parser(name: str, command: ModuleType) -> argparse.ArgumentParser:
    parser = Parser(prog=f"lianshang {name}", description=command.HELP)
    command.add_arguments(parser)
    _add_shared(parser, json_default=False, park_default="")
    return parser


def _add_shared(parser: argparse.ArgumentParser, **defaults: object) -> None:
    """`--json` and `--park` are understood by every command, before and after its own subcommand."""
    parser.add_argument(
        "--json", action="store_true", default=defaults.get("json_default", argparse.SUPPRESS), help="只输出 JSON"
    )
    parser.add_argument(
        "--park", metavar="编码", default=defaults.get("park_default", argparse.SUPPRESS), help="园区编码，多个园区时用"
    )
    for action in parser._actions:  # noqa: SLF001 argparse shows its subparsers nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for nested in {id(p): p for p in action.choices.values()}.values():
                _add_shared(nested)


def _overview() -> str:
    rows = [f"  {name:<14}{_load(name).HELP}" for name in names()]
    return "\n".join(
        ["用法：lianshang 命令 [参数] [--json] [--park 编码]", "", *rows, "", "各命令的参数：lianshang 命令 --help"]
    )


def _in_chinese(message: str) -> str:
    for pattern, sentence in SENTENCES:
        if found := re.fullmatch(pattern, message):
            return sentence.format(*found.groups())
    return f"参数不对：{message}"


def _refuse(sentence: str, *, as_json: bool) -> int:
    say(sentence)
    if as_json:
        show(dumps({"error": sentence}))
    return 2


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
