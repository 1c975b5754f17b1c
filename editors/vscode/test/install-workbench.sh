#!/usr/bin/env bash
# Puts a real VS Code workbench (code-server, with a Node.js of its own) into a folder, once; and what
# its tests need of Debian's packages, where that is missing and we may install it.
# usage: install-workbench.sh FOLDER
set -euo pipefail
CODE_SERVER=4.139.1 NODE=24.21.0
target=$(mkdir -p "$1" && cd "$1" && pwd)

packages=()
need() { [ -e "$1" ] || command -v "$1" > /dev/null || packages+=("${@:2}"); }
need npm npm
need g++ g++ make
need python3 python3
need /usr/include/node libnode-dev # what is written in C++ is built against these headers
need "${PORT_LSP_BROWSER:-chromium}" chromium
if [ "${#packages[@]}" -gt 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}"
fi

stamp="$target/installed-$CODE_SERVER-$NODE"
[ -e "$stamp" ] && exit 0
cd "$target"
echo '{"private":true}' > package.json
npm install --no-fund --no-audit "node@$NODE"
export PATH="$target/node_modules/.bin:$PATH"
npm="node $(readlink -f "$(command -v npm)")" # the machine's npm, run by the new node
$npm install --no-fund --no-audit --ignore-scripts "code-server@$CODE_SERVER"
cd node_modules/code-server/lib/vscode
$npm install --no-fund --no-audit --omit=dev --ignore-scripts
(cd extensions && $npm install --no-fund --no-audit --omit=dev --ignore-scripts)
npm_config_nodedir=/usr $npm rebuild @vscode/spdlog @vscode/native-watchdog node-pty
ln -sf code-linux.sh bin/remote-cli/code-server
ln -sf browser-linux.sh bin/helpers/browser.sh
"$target/node_modules/.bin/code-server" --version
touch "$stamp"
