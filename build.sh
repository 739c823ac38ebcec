#!/usr/bin/env bash
# The one build entry: ./build.sh [build|test|check|bench|conformance|faults|fuzz|pack] [ARGUMENTS]. The work is in build.cs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v dotnet >/dev/null || ! dotnet --version >/dev/null 2>&1; then
  echo "build.sh: the .NET 10 SDK is needed, and $(command -v dotnet || echo "no 'dotnet' on the PATH") does not provide it." >&2
  echo "build.sh: get it from https://dotnet.microsoft.com/download/dotnet/10.0 and try again." >&2
  exit 69
fi

# The SDK keeps its caches at home; a service account may have none, or one it cannot write to.
if [[ -z ${DOTNET_CLI_HOME:-} && ( -z ${HOME:-} || ! -w ${HOME:-} ) ]]; then
  export DOTNET_CLI_HOME=$PWD/artifacts/home
  mkdir -p "$DOTNET_CLI_HOME"
fi
export HOME=${HOME:-$DOTNET_CLI_HOME} DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# No build server stays behind: a CI run ends when its last process does.
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}

exec dotnet run build.cs -- "${@:-build}"
