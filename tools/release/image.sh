#!/usr/bin/env bash
# tools/release/image.sh <registry/repository> <version> [--push]: builds deploy/Dockerfile for amd64 and arm64, with a list of
# its parts (SBOM) and its provenance attached; --push sends it to the registry, where you must be logged in. PLATFORMS names other
# processors, such as linux/amd64 alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
usage='Usage: tools/release/image.sh <registry/repository> <version> [--push]'
repository=${1:?$usage}
version=${2:?$usage}
if [ "${3:---push}" != --push ]; then
  echo "$usage" >&2
  exit 2
fi
command -v docker > /dev/null || { echo 'There is no docker here: https://docs.docker.com/engine/install/' >&2; exit 1; }

# Without --push nothing leaves this machine: the build is all.
output=--output=type=cacheonly
if [ "${3:-}" = --push ]; then output=--push; fi
docker buildx build \
  --file deploy/Dockerfile \
  --platform "${PLATFORMS:-linux/amd64,linux/arm64}" \
  --build-arg "VERSION=$version" \
  --build-arg "REVISION=$(git rev-parse HEAD)" \
  --provenance mode=max \
  --sbom true \
  --tag "$repository:$version" \
  "$output" \
  .
