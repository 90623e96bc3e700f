#!/bin/sh
# Run the product's tests with the oldest versions that pyproject.toml allows:
# tools/check-lowest.sh PYTHON, where PYTHON has the development dependencies.
set -eu
python=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

PYTHONPATH=tests "$python" -m house.lock >"$work/lowest.txt"
sed 's/^/  /' "$work/lowest.txt"
PYTHON=$python sh tools/venv.sh "$work/venv"
"$work/venv/bin/python" -m pip --disable-pip-version-check install -qq -r "$work/lowest.txt"
"$work/venv/bin/python" -m pip --disable-pip-version-check install -qq -c "$work/lowest.txt" -e '.[all]'
# The house's own tests, right under tests/, ask nothing of the dependencies.
"$work/venv/bin/python" -m pytest -p no:cacheprovider --ignore-glob='tests/test_*.py'
