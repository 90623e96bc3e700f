#!/bin/sh
# Build the source archive, from it the wheel, and use the wheel as a stranger would:
# tools/check-wheel.sh PYTHON, where PYTHON has the development dependencies.
set -eu
python=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() {
    echo "error: $1" >&2
    exit 1
}

"$python" -m build --outdir "$work/dist" . >"$work/build.log" 2>&1 || {
    cat "$work/build.log" >&2
    die "the wheel can not be built"
}
PYTHONPATH=tests "$python" -m house.wheel "$work"/dist/*.whl

PYTHON=$python sh tools/venv.sh "$work/venv"
"$work/venv/bin/python" -m pip --disable-pip-version-check install -qq -c requirements-dev.lock "$work"/dist/*.whl

# From a folder of its own, so that nothing of the checkout can be found by chance.
cd "$work"
replygate=$work/venv/bin/replygate
"$replygate" --version
"$work/venv/bin/python" -c 'import replygate, replygate_adapters, replygate_config'
"$replygate" try '您好，今天发货' -s demo-pdd >/dev/null || die "a clean text does not pass demo-pdd"
"$replygate" try '您好，今天发货' -s demo-jd >/dev/null || die "a clean text does not pass demo-jd"
echo "The wheel works by itself."
