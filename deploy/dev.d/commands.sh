# shellcheck shell=bash
# One function for each command of the launcher.

readonly PROGRAMS=(scep-gateway certifier-engine admin-service certifierctl)

command_up() {
  take_settings "$@"
  install_packages build run
  check_scep_port
  build release "${PROGRAMS[@]}"
  check_programs
  with_lock up
}

check_programs() {
  local name
  for name in "${PROGRAMS[@]}"; do program "$name" >/dev/null; done
}

up() {
  chmod 0711 "$STATE"
  (umask 077 && mkdir -p "$STATE"/{run,log,secrets,tls,demo})
  check_scep_port
  save_settings
  init_database
  start_database
  make_database
  migrate
  make_secrets
  start_services
  make_first_operator
  make_demo_ca
  make_demo_entity
  enrol_demo_device
  ensure_fresh_key
  print_summary
}

command_down() {
  take_state "$@"
  [[ -d $STATE/run ]] || { say "nothing runs in $STATE"; return 0; }
  with_lock down
}

down() {
  stop_services
  stop_database
  say "stopped; the data stays in $STATE"
}

require_instance() {
  [[ -d $STATE/run ]] || fail "no instance in $STATE; run deploy/dev up"
  load_settings
}

command_status() {
  take_state "$@"
  require_instance
  status_lines | python3 "$PIECES/status.py" "${REST[@]}"
}

# status_lines: name, pid, ports and readiness of each service, separated by tabs.
status_lines() {
  local name pid ready ports
  for name in $(started_services); do
    pid=$(pid_of "$name") || pid=
    ready=no
    if [[ -n $pid ]] && is_ready "$name"; then ready=yes; fi
    ports=$(cat "$STATE/run/$name.ports" 2>/dev/null || printf '{}')
    printf '%s\t%s\t%s\t%s\n' "$name" "$pid" "$ready" "$ports"
  done
  database_status_line
}

database_status_line() {
  local pid='' ready=no
  if is_database_running; then
    pid=$(as_postgres head -n 1 "$(database_home)/data/postmaster.pid")
    ready=yes
  fi
  printf 'postgres\t%s\t%s\t{"sql": %s}\n' "$pid" "$ready" "$(database_port 2>/dev/null || printf 0)"
}

command_logs() {
  take_state "$@"
  require_instance
  local wanted=${REST[0]:-} name files=()
  for name in $(started_services); do
    if [[ $name == "$wanted"* ]]; then files+=("$STATE/log/$name.log"); fi
  done
  if [[ postgres == "$wanted"* ]]; then files+=("$(database_log)"); fi
  ((${#files[@]})) || fail "no service '$wanted'"
  exec tail -n 50 -F "${files[@]}"
}

command_ctl() {
  take_state "$@"
  require_instance
  ctl "${REST[@]}"
}

command_psql() {
  take_state "$@"
  require_instance
  PGPASSWORD=$(<"$STATE/secrets/database-password") psql -X "$(conninfo certifier)" "${REST[@]}"
}

# start, stop and restart act on one service of a running instance, by its full name (engine-1, gateway-2, admin, postgres).
command_stop() {
  take_state "$@"
  require_instance
  with_lock stop_one "${REST[0]:?which service?}" "${REST[1]:-TERM}"
}

stop_one() {
  if [[ $1 == postgres ]]; then stop_database; else stop_service "$1" "$2"; fi
}

command_start() {
  take_state "$@"
  require_instance
  with_lock start_one "${REST[0]:?which service?}"
}

start_one() {
  case $1 in
    postgres) start_database ;;
    engine-*) start_engine "$1" ;;
    gateway-*) start_gateway "$1" ;;
    admin) start_admin ;;
    *) fail "no service '$1'" ;;
  esac
  [[ $1 == postgres ]] || wait_for "$1" ready is_ready
}

command_restart() {
  command_stop "$@"
  command_start "$@"
}

command_build() {
  install_packages build
  build release "$@"
}

# command_fuzz [SECONDS [TARGET...]]: each reader of strangers' octets under libFuzzer, ASan and UBSan, for so long, and
# running services (target "services").
command_fuzz() {
  local seconds=${1:-60}
  [[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || fail "fuzz takes seconds, 1 to 999999, and targets"
  local targets=" ${*:2} "
  install_packages build
  if [[ $targets != " services " ]]; then
    install_packages fuzz
    (unset CERTIFIER_BUILD_DIR && build fuzz certifier_fuzz)
  fi
  if [[ $targets == "  " || $targets == *" services "* ]]; then
    install_packages run
    build release conformance_test
  fi
  CERTIFIER_BUILD_DIR=$(build_dir release) exec /usr/bin/python3 "$PIECES/run_fuzz.py" "$seconds" "${@:2}"
}

command_bench() {
  install_packages build run
  build release
  CERTIFIER_SKIP_BUILD=1 exec python3 "$ROOT/tests/bench/bench.py" --binary "$(program scep_load)" "$@"
}
