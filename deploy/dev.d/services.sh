# shellcheck shell=bash
# The instance's processes: each with a pid file, a port file, a log, and the command that it was started with.

names_of() {
  local number
  for ((number = 1; number <= $2; number++)); do printf '%s-%d\n' "$1" "$number"; done
}

# started_services: every service that this instance ever started, in the order of starting.
started_services() {
  local kind file
  for kind in engine gateway admin; do
    for file in "$STATE/run/$kind"*.command; do
      if [[ -e $file ]]; then basename "$file" .command; fi
    done
  done
}

# A pid is ours only with the start time that it had, so that a number used again is never killed.
start_time() {
  cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null
}

pid_of() {
  local pid started
  [[ -f $STATE/run/$1.pid ]] || return 1
  read -r pid started <"$STATE/run/$1.pid"
  [[ -n $started && $(start_time "$pid") == "$started" && $(process_state "$pid") != Z ]] && printf '%s\n' "$pid"
}

process_state() {
  cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null
}

is_running() {
  pid_of "$1" >/dev/null
}

is_ready() {
  local port
  port=$(port_of "$1" health)
  [[ -n $port ]] && curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$port/readyz" 2>/dev/null
}

missing_of() {
  curl -sS --max-time 2 "http://127.0.0.1:$(port_of "$1" health)/readyz" 2>&1 | tr '\n' ' '
}

# signature COMMAND...: changes when the command or its program does.
signature() {
  printf '%s\n' "$@" "$(stat -L -c '%Y %s' "$1")" | sha256sum | cut -d ' ' -f 1
}

# ensure_service NAME COMMAND...: starts it, or starts it again if its command or program changed, or leaves it alone.
# "@grpc", "@scep", "@web" and "@health" in the command stand for the service's own ports, which are no reason to start again.
ensure_service() {
  local name=$1 wanted
  shift
  wanted=$(signature "$@")
  if is_running "$name"; then
    [[ $(cat "$STATE/run/$name.signature" 2>/dev/null) == "$wanted" ]] && return 0
    stop_service "$name"
  fi
  printf '%s\n' "$@" >"$STATE/run/$name.command"
  printf '%s\n' "$wanted" >"$STATE/run/$name.signature"
  launch "$name" "$@"
}

# launch NAME COMMAND...: in a session of its own, so that nothing of the caller's terminal reaches it.
launch() {
  local name=$1 log=$STATE/log/$1.log words pid
  shift
  say "starting $name"
  mapfile -t words < <(with_ports "$name" "$@")
  rm -f "$STATE/run/$name.ports"
  setsid "${words[@]}" --port-file "$STATE/run/$name.ports" </dev/null >>"$log" 2>&1 9>&- &
  pid=$!
  disown "$pid"
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$STATE/run/$name.pid"
  wait_for "$name" listening has_ports
}

with_ports() {
  local name=$1 word kind
  shift
  for word in "$@"; do
    kind=${word##*:@}
    if [[ $kind != "$word" ]]; then word=${word%@*}$(port_for "$name" "$kind"); fi
    printf '%s\n' "$word"
  done
}

has_ports() {
  [[ -s $STATE/run/$1.ports ]]
}

# wait_for NAME WORD CONDITION: 60 seconds, a line every five, an end at once if the process is gone.
wait_for() {
  local name=$1 word=$2 condition=$3 deadline=$((SECONDS + 60)) spoken=$SECONDS
  until "$condition" "$name"; do
    is_running "$name" || fail_with_log "$STATE/log/$name.log" "$name ended"
    ((SECONDS < deadline)) || fail_with_log "$STATE/log/$name.log" "$name is not $word: $(missing_of "$name")"
    if ((SECONDS >= spoken + 5)); then
      spoken=$SECONDS
      say "  waiting for $name to be $word"
    fi
    sleep 0.1
  done
}

# stop_service NAME [SIGNAL]
stop_service() {
  local name=$1 pid deadline=$((SECONDS + 40))
  pid=$(pid_of "$name") || return 0
  say "stopping $name (pid $pid)"
  kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
  while is_running "$name"; do
    if ((SECONDS >= deadline)); then
      say "  $name did not drain in time; killing it"
      kill -s KILL "$pid" 2>/dev/null || true
      deadline=$((SECONDS + 10))
    fi
    sleep 0.05
  done
  rm -f "$STATE/run/$name.pid"
}

tls_flags() {
  printf '%s\n' --tls-ca "$STATE/tls/internal-ca.crt" --tls-certificate "$STATE/tls/$1.crt" --tls-key "$STATE/tls/$1.key"
}

start_engine() {
  local tls
  mapfile -t tls < <(tls_flags engine)
  ensure_service "$1" "$(program certifier-engine)" serve --listen 127.0.0.1:@grpc \
    --health-listen 127.0.0.1:@health --database "$(conninfo certifier)" \
    --database-password-file "$STATE/secrets/database-password" \
    --key-encryption-key "$STATE/secrets/key-encryption-key" "${tls[@]}"
}

engine_target() {
  local name target=
  for name in $(names_of engine "$ENGINES"); do target+=${target:+,}127.0.0.1:$(port_of "$name" grpc); done
  printf 'ipv4:%s\n' "$target"
}

start_gateway() {
  local tls port=@scep
  mapfile -t tls < <(tls_flags gateway)
  if [[ $1 == gateway-1 ]] && ((SCEP_PORT != 0)); then port=$SCEP_PORT; fi
  ensure_service "$1" "$(program scep-gateway)" --listen "$LISTEN:$port" \
    --health-listen 127.0.0.1:@health --engine "$(engine_target)" "${tls[@]}"
}

start_admin() {
  local tls
  mapfile -t tls < <(tls_flags admin-service)
  ensure_service admin "$(program admin-service)" --listen 127.0.0.1:@grpc --web-listen 127.0.0.1:@web \
    --health-listen 127.0.0.1:@health --engine "$(engine_target)" "${tls[@]}"
}

start_services() {
  local name
  for name in $(names_of engine "$ENGINES"); do start_engine "$name"; done
  for name in $(names_of gateway "$GATEWAYS"); do start_gateway "$name"; done
  start_admin
  stop_surplus
  for name in $(started_services); do wait_for "$name" ready is_ready; done
}

# stop_surplus ends gateways and engines that an earlier up started and this one does not want.
stop_surplus() {
  local name number
  for name in $(started_services); do
    number=${name##*-}
    case $name in
      engine-*) ((number <= ENGINES)) && continue ;;
      gateway-*) ((number <= GATEWAYS)) && continue ;;
      *) continue ;;
    esac
    stop_service "$name"
    rm -f "$STATE/run/$name".*
  done
}

stop_services() {
  local name
  for name in $(started_services | tac); do stop_service "$name"; done
}
