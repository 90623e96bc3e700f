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
# The rooms that touch a dependency; words, timing and the ledger touch none.
"$work/venv/bin/python" -m pytest -n 2 -p no:cacheprovider \
    tests/plugin/config tests/plugin/journal tests/plugin/notify tests/plugin/report \
    tests/plugin/runtime tests/plugin/sidecar tests/plugin/screening/test_lexicon.py \
    tests/plugin/screening/test_images.py tests/adapters \
    --ignore=tests/adapters/test_contract_onebot.py
