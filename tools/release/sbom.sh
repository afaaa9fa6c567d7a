#!/usr/bin/env bash
# tools/release/sbom.sh: the list of the packages that the image runs (CycloneDX, JSON) on standard output, as the lock file has them.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm sbom --omit=dev --package-lock-only --sbom-format=cyclonedx
