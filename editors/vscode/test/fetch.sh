#!/usr/bin/env bash
# Fetches all that the tests need: a workbench, put into a folder, and the packages of package.json.
# usage: fetch.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bash "$here/install-workbench.sh" "$1"
PATH="$1/node_modules/.bin:$PATH" npm --prefix "$here/.." ci --no-fund --no-audit
