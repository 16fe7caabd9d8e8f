# shellcheck shell=bash
# An instance is a state directory and the settings kept in it; the command line wins over what was kept.

STATE=$ROOT/var/dev
SCEP_PORT=8080
LISTEN=0.0.0.0
HOST=
GATEWAYS=2
ENGINES=1
CA_KEY=rsa-2048
OLD_CLIENTS=yes
REST=()
readonly KEPT_SETTINGS=(SCEP_PORT LISTEN HOST GATEWAYS ENGINES CA_KEY OLD_CLIENTS)

# take_state ARGUMENTS...: sets STATE from a leading --state DIR; the other arguments are left in REST.
take_state() {
  if [[ ${1:-} == --state ]]; then
    STATE=$(absolute "${2:?--state needs a directory}")
    shift 2
  fi
  REST=("$@")
}

absolute() {
  case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$PWD/$1" ;;
  esac
}

load_settings() {
  [[ -f $STATE/settings ]] || return 0
  local name value
  while IFS='=' read -r name value; do
    [[ " ${KEPT_SETTINGS[*]} " == *" $name "* ]] && printf -v "$name" '%s' "$value"
  done <"$STATE/settings"
}

save_settings() {
  local name
  for name in "${KEPT_SETTINGS[@]}"; do
    printf '%s=%s\n' "$name" "${!name}"
  done >"$STATE/settings"
}

take_settings() {
  local arguments=("$@") name
  for ((i = 0; i < $#; i++)); do
    [[ ${arguments[i]} == --state ]] && STATE=$(absolute "${arguments[i + 1]:?--state needs a directory}")
  done
  load_settings
  while (($#)); do
    name=$(setting_of "$1")
    [[ -n ${2:-} ]] || fail "$1 needs a value"
    [[ $name == STATE ]] || printf -v "$name" '%s' "$2"
    shift 2
  done
  [[ -n $HOST ]] || HOST=$(first_address)
  check_settings
}

setting_of() {
  case $1 in
    --state | --listen | --host | --gateways | --engines | --scep-port | --ca-key | --old-clients)
      local name=${1#--}
      name=${name//-/_}
      printf '%s\n' "${name^^}"
      ;;
    *) fail "unknown option $1; see deploy/dev --help" ;;
  esac
}

check_settings() {
  local name
  for name in SCEP_PORT GATEWAYS ENGINES; do
    [[ ${!name} =~ ^[0-9]+$ ]] || fail "${name,,} must be a number, not '${!name}'"
  done
  ((GATEWAYS >= 1 && GATEWAYS <= 16 && ENGINES >= 1 && ENGINES <= 16)) || fail "1 to 16 gateways and engines"
  [[ $OLD_CLIENTS == yes || $OLD_CLIENTS == no ]] || fail "--old-clients is yes or no, not '$OLD_CLIENTS'"
  ((SCEP_PORT <= 65535)) || fail "no such port: $SCEP_PORT"
}

first_address() {
  local addresses
  addresses=$(hostname -I 2>/dev/null || true)
  [[ -n ${addresses// /} ]] && printf '%s\n' "${addresses%% *}" || printf '127.0.0.1\n'
}

# with_lock COMMAND...: one launcher at a time works on an instance. What it starts does not hold the lock.
with_lock() {
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock -w 300 9 || fail "another deploy/dev works on $STATE"
  "$@"
}
