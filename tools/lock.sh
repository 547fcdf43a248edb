#!/bin/sh
# Pin every requirement with its hashes. The lock files name no registry, so a mirror serves them as well.
set -eu
cd "$(dirname "$0")/.."
compile() { # <output> <extra arguments...>
  output=$1
  shift
  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
    --python-version 3.11 "$@" pyproject.toml --output-file "$output"
}
compile requirements/dev.lock --extra local --extra dev
compile requirements/local.lock --extra local --constraint requirements/dev.lock
compile requirements/runtime.lock --constraint requirements/dev.lock
# Beside them what only one test needs, so that its own requirements move no other's.
uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
  --python-version 3.11 requirements/sbom.in --constraint requirements/dev.lock --output-file requirements/sbom.lock
