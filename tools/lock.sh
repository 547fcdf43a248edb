#!/bin/sh
# Pin every requirement with its hashes. The lock files name no registry, so a mirror serves them as well.
set -eu
cd "$(dirname "$0")/.."
compile() { # <output> <source> <extra arguments...>
  output=$1
  shift
  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
    --python-version 3.11 "$@" --output-file "$output"
}
compile requirements/dev.lock pyproject.toml --extra local --extra dev
compile requirements/local.lock pyproject.toml --extra local --constraint requirements/dev.lock
compile requirements/runtime.lock pyproject.toml --constraint requirements/dev.lock
# What has a virtual environment of its own.
compile requirements/checkov.lock requirements/checkov.in
compile requirements/sbom.lock requirements/sbom.in --constraint requirements/dev.lock
