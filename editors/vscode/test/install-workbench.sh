#!/usr/bin/env bash
# Puts a real VS Code workbench (code-server, with a Node.js of its own) into a folder, once.
# usage: install-workbench.sh FOLDER    needs npm, g++, make, python3, and Node's headers below /usr
set -euo pipefail
CODE_SERVER=4.139.1 NODE=24.21.0
target=$(mkdir -p "$1" && cd "$1" && pwd)
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
# What is written in C++ is built here; its interface is the same in all current versions of Node.
npm_config_nodedir=/usr $npm rebuild @vscode/spdlog @vscode/native-watchdog node-pty
ln -sf code-linux.sh bin/remote-cli/code-server
ln -sf browser-linux.sh bin/helpers/browser.sh
"$target/node_modules/.bin/code-server" --version
touch "$stamp"
