"""`lianshang django …` hands the rest of the line to Django's own management commands."""

import argparse

HELP = "运行 Django 自带的管理命令，例如 lianshang django shell"
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, help="Django 的命令和参数", metavar="…")


def run(args: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lianshang django", *args.words])
    return 0
