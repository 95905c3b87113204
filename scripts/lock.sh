#!/bin/sh
# Writes the locks again. They name versions and hashes, never an address.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
        --no-emit-index-url --no-emit-find-links "$@"
}
compile requirements/uv.in -o requirements/uv.txt
compile requirements/node.in -o requirements/node.txt
compile pyproject.toml --group install -o requirements/run.txt
compile pyproject.toml --group test -o requirements/test.txt
if grep -nE '^ *--(index|extra|find)|://' requirements/*.txt; then
    echo "锁文件里不能有下载地址。" >&2
    exit 1
fi
