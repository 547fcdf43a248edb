#!/bin/sh
# Say in one sentence what is missing before anything is set up.
# Usage: preconditions.sh PYTHON [npm]
set -eu

stop() { # <sentence>
  printf 'fleetdx: %s\n' "$1" >&2
  exit 1
}

python=$1
[ "$(uname -s)" = Linux ] ||
  stop "this needs Linux (the example hosts run the scanner's own shell); on macOS or Windows run it in a Linux virtual machine or WSL 2."
command -v "$python" >/dev/null 2>&1 ||
  stop "no $python found; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3 ..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "$("$python" --version) is too old; install Python 3.11 or newer and name it: make PYTHON=python3.12 ..."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  stop "$python has no ensurepip; install it (Debian, Ubuntu: apt install python3-venv) and try again."
command -v curl >/dev/null 2>&1 ||
  stop "no curl found; install it (the hosts fetch the bundle and send results with it)."
[ "${2-}" != npm ] || command -v npm >/dev/null 2>&1 ||
  stop "no npm found; install it (Debian, Ubuntu: apt install npm; the console draws its graph with a package of npm's)."
