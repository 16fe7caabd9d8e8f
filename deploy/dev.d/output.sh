# shellcheck shell=bash
# Progress, with the seconds since the start, and failures that say where to look.

say() {
  printf '[%3ds] %s\n' "$SECONDS" "$*" >&2
}

fail() {
  printf 'deploy/dev: %s\n' "$*" >&2
  exit 1
}

# fail_with_log LOG MESSAGE...: ends with the last lines of the log that tells why.
fail_with_log() {
  local log=$1
  shift
  if [[ -s $log ]]; then
    printf -- '--- last lines of %s\n' "$log" >&2
    tail -n 15 "$log" >&2
    printf -- '---\n' >&2
  fi
  fail "$* (log: $log)"
}

# run_logged LOG MESSAGE COMMAND...: runs quietly; a failure ends with the log.
run_logged() {
  local log=$1 message=$2
  shift 2
  "$@" >"$log" 2>&1 || fail_with_log "$log" "$message"
}

# json_field NAME: prints a field of the JSON object on standard input.
json_field() {
  python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
