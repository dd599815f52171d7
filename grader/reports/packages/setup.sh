#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: Python, the grader, and the answer key.
set -euo pipefail

find_python() {
    for python in python3.13 python3.12 python3.11 python3; do
        if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$$python"
            return
        fi
    done
    return 1
}

if ! python=$$(find_python); then
    apt-get update
    # What the image calls Python 3 where that is new enough, else 3.11 (Ubuntu 22.04 has both).
    apt-get install -y python3-venv
    find_python >/dev/null || apt-get install -y python3.11 python3.11-venv
    python=$$(find_python)
fi
"$$python" -m venv /autograder/venv
pip="/autograder/venv/bin/python -m pip install --no-cache-dir"
# Without CUDA: 200 MB where it would be 5 GB.
$$pip torch --index-url https://download.pytorch.org/whl/cpu
$$pip $install

# The key is built here, not while somebody waits. What `grade init` writes is worth nothing yet,
# so this ends with 1.
mkdir -p /autograder/keys
cd "$$(mktemp -d)"
export GRADE_CACHE=/autograder/keys GRADE_STATE=$$PWD
/autograder/venv/bin/grade init
/autograder/venv/bin/grade $exercise || [ $$? = 1 ]
