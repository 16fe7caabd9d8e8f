# shellcheck shell=bash
# Builds what the tiers need, runs them, and ends with "N passed, N failed".

readonly DEFAULT_TIERS=(unit integration e2e tidy deploy)
readonly ALL_TIERS=(unit integration e2e tidy deploy compose bench-smoke asan tsan)

command_test() {
  local tiers=("$@") tier
  ((${#tiers[@]})) || tiers=("${DEFAULT_TIERS[@]}")
  for tier in "${tiers[@]}"; do
    [[ " ${ALL_TIERS[*]} " == *" $tier "* ]] || fail "no tier '$tier'; there are: ${ALL_TIERS[*]}"
  done
  prepare_tiers "${tiers[@]}"
  CERTIFIER_SKIP_BUILD=1 CERTIFIER_BUILD_DIR=$(build_dir release) exec /usr/bin/python3 "$PIECES/run_tiers.py" "${tiers[@]}"
}

prepare_tiers() {
  local wanted=" $* "
  install_packages build run test
  if [[ $wanted == *" compose "* ]]; then prepare_compose; fi
  if [[ $wanted =~ \ (unit|integration|e2e|deploy|bench-smoke)\  ]]; then build release; fi
  if [[ $wanted == *" asan "* ]]; then build_sanitized asan; fi
  if [[ $wanted == *" tsan "* ]]; then build_sanitized tsan; fi
}

# build_sanitized PRESET: beside the other build directory, wherever that is.
build_sanitized() {
  (unset CERTIFIER_BUILD_DIR CERTIFIER_SKIP_BUILD && build "$1")
}

# prepare_compose: an engine and the base image. Where no registry can be reached, a neighbouring checkout of the
# project's tools makes the image from Debian's packages.
prepare_compose() {
  install_packages compose
  local maker=$ROOT/../shared/tools/docker-base
  if docker image inspect debian:bookworm-slim >/dev/null 2>&1; then return 0; fi
  if [[ -x $maker ]]; then
    say "making the image debian:bookworm-slim"
    run_logged "$ROOT/var/docker-base.log" "no base image" as_root "$maker"
  fi
  docker info >/dev/null 2>&1 || fail "no Docker engine runs, or this user may not use it"
}
