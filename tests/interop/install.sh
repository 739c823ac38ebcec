#!/bin/sh
# Installs the clients, servers and the conformance suite that the interop and conformance tests run against, exactly as
# pinned in package-lock.json. Does nothing when they are installed already. Needs npm; says what it does.
set -eu
cd "$(dirname "$0")"

if ! command -v npm >/dev/null 2>&1; then
  echo "interop: npm is missing. On Debian: apt-get install -y nodejs npm" >&2
  exit 1
fi

wanted=$(cat package.json package-lock.json .npmrc install.sh | sha256sum | cut -d ' ' -f 1)
stamp=node_modules/.installed
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && [ -x node_modules/.bin/node ]; then
  echo "interop: packages are up to date"
  exit 0
fi

echo "interop: installing packages pinned in tests/interop/package-lock.json (about 400 MB)"
npm ci --no-audit --no-fund --loglevel=error

# The suite and the inspector need Node 22; it comes from the package `node`, whatever the machine has.
found=$(node_modules/.bin/node --version)
case $found in
  v22.*) ;;
  *) echo "interop: expected Node 22 from the package node, found $found" >&2; exit 1 ;;
esac
echo "$wanted" > "$stamp"
echo "interop: installed, with Node $found"
