"""`lianshang serve`: the web server; with SQLite one process that also runs the worker."""

import argparse
import os
import socket

from lianshang.config.output import Unusable, say

HELP = "启动网站服务"
NEEDS_DATABASE = True

SQLITE_THREADS = 4
POSTGRES_THREADS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听地址，默认 127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, metavar="端口", help="监听端口，默认 8000")
    parser.add_argument("--workers", type=int, default=0, metavar="数量", help="进程数，使用 PostgreSQL 时有效，默认 2")
    parser.add_argument(
        "--worker",
        "--with-worker",
        action=argparse.BooleanOptionalAction,
        default=None,
        dest="worker",
        help="在网站进程内同时运行后台任务，默认只在 SQLite 时如此",
    )


def run(args: argparse.Namespace) -> int:
    from django.db import connection

    from lianshang.config import guard
    from lianshang.config.assets import publish

    embedded = connection.vendor == "sqlite"
    if embedded and args.workers > 1:
        raise Unusable("使用 SQLite 时只能有 1 个进程：请去掉 --workers，或改用 PostgreSQL。")
    with_worker = embedded if args.worker is None else args.worker
    if with_worker and args.workers > 1:
        raise Unusable("多个进程时请单独运行 lianshang worker，去掉 --worker。")
    _check_port(args.host, args.port)
    _check_settings(args.host)
    place = guard.only_server()
    publish()
    connection.close()  # the web processes are forked from this one
    workers = 1 if with_worker else args.workers or 2
    _serve(args, workers, SQLITE_THREADS if embedded else POSTGRES_THREADS, with_worker=with_worker)
    if place:
        place.close()
    return 0


def _check_settings(host: str) -> None:
    """All reasons at once: whoever mends one should not meet the next only then."""
    from lianshang.config import guard

    if reasons := guard.refusals(host):
        raise Unusable("没有启动：\n" + "\n".join(f"· {reason}" for reason in reasons))


def _serve(args: argparse.Namespace, workers: int, threads: int, *, with_worker: bool) -> None:
    """Listen until SIGTERM or SIGINT. The workers read who they are from their environment."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ["LIANSHANG_EMBEDDED_WORKER"] = "1" if with_worker else "0"
    server = Granian(
        "lianshang.config.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    where = f"[{args.host}]" if ":" in args.host else args.host
    say(f"链上已启动：http://{where}:{args.port}/  按 Ctrl+C 停止。")
    server.serve()
    say("链上已停止。")


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise Unusable(f"不能在 {host} 的端口 {port} 上监听：可能已被占用，请用 --port 换一个端口。") from error
