#!/usr/bin/env bash
# Deploys Moola, and validates, tests and removes what was deployed: see --help. It only checks how it was called and builds what
# is missing; the work is done, and tested, in apps/standalone/src/deployment. Runs in bash 3.2 too.
set -euo pipefail

usage() {
  cat << 'END'
Deploys Moola, and validates, tests and removes what was deployed.

Usage: deploy/deploy_monitoring.sh [command] [options]

Commands
  (none)                   full deployment: checks, brings it about, waits until it is ready, applies definitions
  validate                 checks only: prerequisites, configuration, schemas; connections to Kafka, Redis, Prometheus,
                           Kubernetes and the notification channels
  test                     sends telemetry as SimpleLSTM, in an environment of its own, through what is deployed, until a
                           snapshot, an alert and its notification are seen; sends a test message to every channel;
                           then removes the environment. The services are restarted for it, and after it
  clean                    removes what was deployed

Options
  --target <where>         local (default): processes of this machine, with a Kafka and a Redis of their own, for a look
                           compose: containers of this machine; kubernetes: a cluster, by Helm
  --dry-run                changes nothing, and says which commands would run
  --definitions <file>     models, rules and routes to apply; may be given several times
  --values <file>          values of the chart; may be given several times (kubernetes)
  --namespace <name>       of the release (default: moola) (kubernetes)
  --release <name>         its name (default: moola) (kubernetes)
  --context <name>         of kubectl's configuration (default: the current one) (kubernetes)
  --timeout <duration>     how long Helm waits for the pods of one step, such as 35m or 1h30m (default: 10m) (kubernetes)
  --port <n>               of the console (default: 8080; 0: any) (local)
  --delete-data            clean removes volumes too, for good; it needs --yes
  --yes                    yes, the data may go
  --report <file>          where the report is written (default: data/deployment/<target>-<command>.md)
  --help                   this

From the environment: the services' settings (docs/settings.md) where the target is local; MOOLA_KAFKA_BROKERS and REDIS_URL:
servers to use instead of own ones; MOOLA_PROMETHEUS_URL: a Prometheus to check; MOOLA_CHANNEL_…: docs/notifications.md.
Every call, also with --dry-run and validate, first installs and builds what is missing in this checkout (npm ci, npm run build);
one that is asked in a wrong way ends before. Each ends with a status report in Markdown. Exit code 0: all is well; 1: something
failed; 2: asked in a wrong way.
docs/deployment.md is the guide.
END
}

misuse() {
  echo "deploy_monitoring.sh: $1; add --help to see what there is" >&2
  exit 2
}

check_value() {
  case $1 in
    --target)
      case $2 in
        local | compose | kubernetes) ;;
        *) misuse "there is no target \"$2\": local, compose or kubernetes" ;;
      esac
      ;;
    --port)
      case $2 in
        '' | *[!0-9]* | ??????*) misuse "--port must be a number from 0 to 65535, not \"$2\"" ;;
      esac
      if [ "$2" -gt 65535 ]; then misuse "--port must be a number from 0 to 65535, not \"$2\""; fi
      ;;
    --timeout)
      if ! [[ $2 =~ ^([1-9][0-9]*[smh])+$ ]]; then
        misuse "--timeout \"$2\" is no duration: numbers of h, m or s, such as 35m or 1h30m"
      fi
      ;;
    --namespace | --release)
      if ! [[ $2 =~ ^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$ ]]; then
        misuse "$1 \"$2\" is no name: small letters, digits and dashes, 53 at most"
      fi
      ;;
  esac
}

# What is wrong is said before anything is built.
expect_value='' command='' delete_data='' agreed=''
for word in "$@"; do
  if [ -n "$expect_value" ]; then
    case $word in
      -*) misuse "$expect_value needs a value" ;;
    esac
    check_value "$expect_value" "$word"
    expect_value=''
    continue
  fi
  case $word in
    -h | --help)
      usage
      exit 0
      ;;
    validate | test | clean | deploy)
      if [ -n "$command" ]; then misuse "one command at a time, not also \"$word\""; fi
      command=$word
      ;;
    --delete-data) delete_data=1 ;;
    --dry-run | --yes) agreed=1 ;;
    --target | --definitions | --values | --namespace | --release | --context | --timeout | --port | --report) expect_value=$word ;;
    --target=* | --definitions=* | --values=* | --namespace=* | --release=* | --context=* | --timeout=* | --port=* | --report=*)
      check_value "${word%%=*}" "${word#*=}"
      ;;
    --delete-data=* | --dry-run=* | --yes=*) misuse "${word%%=*} takes no value" ;;
    -*) misuse "there is no option $word" ;;
    *) misuse "there is no command \"$word\": none for a full deployment, or validate, test, clean" ;;
  esac
done
if [ -n "$expect_value" ]; then misuse "$expect_value needs a value"; fi
if [ "$command" = clean ] && [ -n "$delete_data" ] && [ -z "$agreed" ]; then
  misuse 'clean --delete-data removes data for good: add --yes, or --dry-run to see what it does'
fi

# Files are named from where it was called.
called_in=$PWD
cd "$(dirname "$0")/.."
if ! command -v node > /dev/null; then
  echo 'deploy_monitoring.sh: there is no node on the PATH: Node 20.19 or newer is needed, https://nodejs.org' >&2
  exit 1
fi
node tools/start/build.mjs
main=$PWD/apps/standalone/dist/deployment/main.js
cd "$called_in"
exec node "$main" "$@"
