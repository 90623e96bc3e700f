#!/bin/sh
# Install the Debian packages that some tests need, where they are not there yet.
set -eu
packages='chromium fontconfig fonts-noto-cjk npm'

missing=
for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
command -v npm >/dev/null && missing=$(printf '%s' "$missing" | sed 's/ npm//')
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "Installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # each word is a package
$as_root apt-get install -qq -y --no-install-recommends $missing >/dev/null
