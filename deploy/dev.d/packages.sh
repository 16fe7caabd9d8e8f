# shellcheck shell=bash
# Installs the Debian packages of deploy/packages.txt that are missing, and only those.

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "needs root or sudo to run: $*"
  fi
}

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing_packages() {
  local group package program wanted=" $* "
  while read -r group package program; do
    [[ $wanted == *" $group "* ]] || continue
    [[ -n $program ]] && command -v "$program" >/dev/null && continue
    is_installed "$package" || printf '%s\n' "$package"
  done < <(grep -v '^#' "$ROOT/deploy/packages.txt")
}

# install_packages GROUP...
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  local log=$ROOT/var/packages.log
  mkdir -p "$ROOT/var"
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  run_logged "$log" "apt-get update failed" as_root apt-get update
  run_logged "$log" "apt-get install failed" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
}
