#!/usr/bin/env bash
# The page is tested in a real browser. Installs Chromium where it is missing and can be: on Debian, as root.
# Elsewhere install it by hand, or say where it is with MOOLA_CHROMIUM; the spec fails with these words otherwise.
set -euo pipefail

if [ -n "${MOOLA_CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome > /dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
  echo 'No Chromium here, and no right to install it: the tests of the page will fail. Install it, or set MOOLA_CHROMIUM.' >&2
  exit 0
fi
echo 'Installing Chromium (once)'
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core > /dev/null
