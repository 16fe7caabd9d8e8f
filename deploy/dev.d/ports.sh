# shellcheck shell=bash
# Ports: services take a free one and report it in a port file; the next start asks for the same one again.

# is_port_free ADDRESS PORT
is_port_free() {
  python3 - "$1" "$2" <<'PYTHON'
import socket, sys
with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((sys.argv[1], int(sys.argv[2])))
        listener.listen(1)
    except OSError:
        sys.exit(1)
PYTHON
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# holder_of PORT: ", held by NAME (pid N)", as far as this user may know.
holder_of() {
  ss -Hltnp "sport = :$1" 2>/dev/null |
    sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/, held by \1 (pid \2)/p' | head -n 1
}

# check_scep_port: before anything starts, and only if the gateway that may hold it is not ours.
check_scep_port() {
  ((SCEP_PORT == 0)) && return 0
  is_running gateway-1 && [[ $(port_of gateway-1 scep) == "$SCEP_PORT" ]] && return 0
  is_port_free "$LISTEN" "$SCEP_PORT" ||
    fail "port $SCEP_PORT is taken$(holder_of "$SCEP_PORT"); choose another with --scep-port N"
}

# port_of SERVICE KIND: the port it reported when it last started, or nothing.
port_of() {
  [[ -f $STATE/run/$1.ports ]] || return 0
  json_field "$2" <"$STATE/run/$1.ports" 2>/dev/null || true
}

# port_for SERVICE KIND: the port to ask for: the last one if nobody else took it since, else any.
port_for() {
  local port
  port=$(port_of "$1" "$2")
  if [[ -n $port ]] && { is_running "$1" || is_port_free 127.0.0.1 "$port"; }; then
    printf '%s\n' "$port"
  else
    printf '0\n'
  fi
}
