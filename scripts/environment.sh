#!/bin/sh
# Fills .venv from the locks: `environment.sh run` for the product, `environment.sh test` for everything.
# Once it was made for tests it stays so: `make run` does not take the tools away again.
set -eu
cd "$(dirname "$0")/.."
wanted=$1
[ -e .venv/.test ] && wanted=test

if [ ! -x .venv/bin/python ]; then
    python=$(sh scripts/python.sh)
    echo "创建 .venv（$("$python" --version)）……"
    "$python" -m venv .venv || {
        rm -rf .venv
        echo "不能创建虚拟环境：Debian 或 Ubuntu 上请先运行 apt-get install python3-venv。" >&2
        exit 1
    }
fi
if [ ! -x .venv/bin/uv ] || [ requirements/uv.txt -nt .venv/.uv ]; then
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.txt
    touch .venv/.uv
fi
export UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1
# The machine's own certificates, where it has them: they know an institution's proxy, uv's own list does not.
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then export UV_SYSTEM_CERTS=1; fi
lock() { .venv/bin/uv pip "$@" --quiet --python .venv/bin/python; }
# uv and pip are not in the locks, so that one lock serves a machine with another uv.
cat requirements/uv.txt "requirements/$wanted.txt" > .venv/lock.txt
lock sync --require-hashes .venv/lock.txt
lock install --no-deps --no-build-isolation --editable .
touch .venv/.run
if [ "$wanted" = test ]; then touch .venv/.test; fi
