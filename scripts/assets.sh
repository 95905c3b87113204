#!/bin/sh
# Builds styles, scripts and icons into lianshang/web/static/built/ from the locked npm packages.
set -eu
cd "$(dirname "$0")/.."
PATH=$(sh scripts/node.sh):$PATH
export PATH
if [ ! -e node_modules/.locked ] || [ package-lock.json -nt node_modules/.locked ]; then
    npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
    touch node_modules/.locked
fi
exec node lianshang/web/assets/build.mjs
