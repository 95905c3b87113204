"""`lianshang worker`: deliver notices and do due work until told to stop."""

import argparse
import signal
import threading

from lianshang.config.output import say

HELP = "运行后台任务进程：催办、通知和到期事项"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace) -> int:
    from lianshang.kernel.outbox import run_forever

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    say("后台任务已启动，按 Ctrl+C 停止。")
    run_forever(stop)
    say("后台任务已停止。")
    return 0
