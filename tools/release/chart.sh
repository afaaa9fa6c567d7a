#!/usr/bin/env bash
# tools/release/chart.sh <version> <folder> [<registry/image> [oci://registry/path]]: packs the chart with this version, of itself
# and of the image, into the folder. With an image, as tools/release/image.sh pushed it, the chart's values name it; with a registry
# the chart is sent there, where you must be logged in.
set -euo pipefail
cd "$(dirname "$0")/../.."
usage='Usage: tools/release/chart.sh <version> <folder> [<registry/image> [oci://registry/path]]'
version=${1:?$usage}
folder=${2:?$usage}
image=${3:-}
registry=${4:-}
helm=${MOOLA_HELM:-helm}
command -v "$helm" > /dev/null || { echo "There is no $helm here: https://helm.sh/docs/intro/install/" >&2; exit 1; }
if [ -n "$image" ] && ! [[ $image =~ ^[a-z0-9][a-z0-9.:-]*(/[a-z0-9][a-z0-9._-]*)+$ ]]; then
  echo "$image: an image is named by its registry and repository, without a tag, such as registry.example.com/ml/moola-monitoring" >&2
  exit 2
fi
case $registry in
  '' | oci://*) ;;
  *)
    echo "$registry: a registry of charts begins with oci://" >&2
    exit 2
    ;;
esac

chart=helm/moola-monitoring
"$helm" lint "$chart"
if [ -n "$image" ]; then
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  cp -R "$chart" "$copy"
  chart=$copy/moola-monitoring
  sed "s|^  repository: moola-monitoring\$|  repository: $image|" helm/moola-monitoring/values.yaml > "$chart/values.yaml"
  grep --quiet --line-regexp --fixed-strings "  repository: $image" "$chart/values.yaml" || {
    echo "helm/moola-monitoring/values.yaml has no line for image.repository: see tools/release/chart.sh" >&2
    exit 1
  }
fi
"$helm" package "$chart" --version "$version" --app-version "$version" --destination "$folder"
if [ -n "$registry" ]; then "$helm" push "$folder/moola-monitoring-$version.tgz" "$registry"; fi
