#!/bin/sh
# Make a virtual environment: tools/venv.sh DIR. What stood there is removed.
# PYTHON names the interpreter; without it the first on PATH that is new enough is taken.
set -eu
dir=$1

die() {
    echo "error: $1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

if [ -n "${PYTHON:-}" ]; then
    is_new_enough "$PYTHON" || die "PYTHON=$PYTHON is not a Python 3.11 or later"
else
    PYTHON=$(find_python)
    [ -n "$PYTHON" ] || die "no Python 3.11 or later on PATH; name one with PYTHON=/path/to/python3.11"
fi
"$PYTHON" -c 'import venv' 2>/dev/null || die "$PYTHON has no venv module (Debian: apt-get install python3-venv)"

# Debian ships Python without ensurepip; its own pip can then lend a hand.
if "$PYTHON" -c 'import ensurepip' 2>/dev/null && "$PYTHON" -m venv --clear "$dir" >/dev/null 2>&1; then
    exit 0
fi
"$PYTHON" -m venv --clear --without-pip "$dir" || die "$PYTHON can not make a virtual environment in $dir"
"$PYTHON" -m pip -qq --python "$dir/bin/python" install pip ||
    die "$PYTHON can not put pip into $dir (Debian: apt-get install python3-venv)"
