#!/bin/sh
# Install diembao into a virtual environment: sh install.sh FOLDER [REQUIREMENT ...]
# The Makefile, the Dockerfile and CI all install by this script. PYTHON chooses the interpreter.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?"usage: sh install.sh FOLDER [REQUIREMENT ...]"}
shift
[ $# -gt 0 ] || set -- "$here"
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "diembao cần Python 3.11 trở lên (needs Python 3.11 or later): set PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "Python thiếu venv (venv is missing): on Debian or Ubuntu, apt install python3-venv" >&2
    exit 1
fi
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --constraint "$here/constraints.txt" "$@"
