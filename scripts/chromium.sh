#!/bin/sh
# Prints the path of a Chromium for the browser tests: $LIANSHANG_CHROMIUM, PATH, Debian's package (as root),
# else the one inside a locked npm package, which needs neither root nor a system package.
set -eu
cd "$(dirname "$0")/.."
for candidate in ${LIANSHANG_CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$candidate" >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
if [ "${LIANSHANG_NO_APT:-0}" != 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "没有找到 Chromium，正在用 apt-get 安装……" >&2
    export DEBIAN_FRONTEND=noninteractive
    if { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } \
        </dev/null >/dev/null 2>&1; then
        command -v chromium
        exit 0
    fi
    echo "apt-get 没有成功。" >&2
fi
echo "改用 npm 包里的 Chromium（没有中文字体，截图中的汉字可能显示为方块）……" >&2
home=$PWD/build/chromium
PATH=$(sh scripts/node.sh):$PATH
export PATH
mkdir -p "$home"
if [ ! -e "$home/.locked" ] || [ scripts/chromium/package-lock.json -nt "$home/.locked" ]; then
    cp scripts/chromium/package.json scripts/chromium/package-lock.json "$home/"
    (cd "$home" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2)
    touch "$home/.locked"
fi
cd "$home"
# It unpacks itself into the temporary folder: kept here, so that the path stays good.
TMPDIR=$home exec node --input-type=module -e \
    'import chromium from "@sparticuz/chromium"; console.log(await chromium.executablePath())'
