#!/bin/sh
# Prints the first Python of 3.11 or newer that really runs: $PYTHON, then what is on PATH.
set -eu
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "需要 Python 3.11 或更新的版本：请先安装，或用 make PYTHON=/路径/python3 指定。" >&2
exit 1
