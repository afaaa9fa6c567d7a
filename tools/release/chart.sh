#!/usr/bin/env bash
# tools/release/chart.sh <version> <folder> [oci://registry/path]: packs the chart with this version, of itself and of the image,
# into the folder; sends it to the registry if one is named, where you must be logged in.
set -euo pipefail
cd "$(dirname "$0")/../.."
usage='Usage: tools/release/chart.sh <version> <folder> [oci://registry/path]'
version=${1:?$usage}
folder=${2:?$usage}
registry=${3:-}
helm=${MOOLA_HELM:-helm}
command -v "$helm" > /dev/null || { echo "There is no $helm here: https://helm.sh/docs/intro/install/" >&2; exit 1; }
case $registry in
  '' | oci://*) ;;
  *)
    echo "$registry: a registry of charts begins with oci://" >&2
    exit 2
    ;;
esac

"$helm" lint helm/moola-monitoring
"$helm" package helm/moola-monitoring --version "$version" --app-version "$version" --destination "$folder"
if [ -n "$registry" ]; then "$helm" push "$folder/moola-monitoring-$version.tgz" "$registry"; fi
