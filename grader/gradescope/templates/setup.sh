#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image. Made by `grader release --gradescope`.
#
# The grader is in this zip. What it needs comes from pip's index, or from more wheels
# beside it in wheels/; with PIP_NO_INDEX=1 from nowhere else.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"

usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if usable "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

install() {
    apt-get install -y --no-install-recommends "$@"
}

if ! find_python >/dev/null; then
    apt-get update
    install python3.11 python3.11-venv || install python3 python3-venv
fi
python="$(find_python)" || { echo "no Python 3.11 or newer can be installed here" >&2; exit 1; }

# With bubblewrap, and where the container allows it, submissions cannot even see hidden tests.
command -v bwrap >/dev/null || { apt-get update && install bubblewrap; } || true

"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --disable-pip-version-check --no-cache-dir \
    --find-links "$source/wheels" "$source/wheels/{{ wheel }}"

export XDG_CACHE_HOME="$root/cache"
"$root/venv/bin/python" -m grader data fetch "{{ dataset }}"
"$root/venv/bin/python" -m grader doctor
