# shellcheck shell=bash
# Builds with the presets of CMakePresets.json; ccache makes a later clone or branch quick too.

build_dir() {
  printf '%s\n' "${CERTIFIER_BUILD_DIR:-$ROOT/build/${1:-release}}"
}

configure() {
  local preset=$1 directory
  directory=$(build_dir "$preset")
  if [[ -z ${CERTIFIER_BUILD_DIR:-} ]]; then
    (cd "$ROOT" && cmake --preset "$preset")
  else
    cmake -S "$ROOT" -B "$directory" -G Ninja -DCMAKE_BUILD_TYPE="${CERTIFIER_BUILD_TYPE:-Release}" \
      -DCERTIFIER_WERROR=ON -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
}

# build PRESET TARGET...: all targets without one. Ninja's own progress goes to the log, a line now and then to the user.
build() {
  local preset=$1 directory log
  shift
  [[ ${CERTIFIER_SKIP_BUILD:-} == 1 ]] && return 0
  directory=$(build_dir "$preset")
  mkdir -p "$ROOT/var"
  log=$ROOT/var/build-$preset.log
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
  if [[ ! -f $directory/build.ninja ]]; then
    say "configuring $preset"
    run_logged "$log" "cmake failed" configure "$preset"
  fi
  say "building $preset"
  NINJA_STATUS='%f/%t ' ninja -C "$directory" "$@" 2>&1 | tee "$log" | build_progress ||
    fail_with_log "$log" "the build failed"
}

# build_progress prints one line for each twenty steps of Ninja.
build_progress() {
  local line shown=0 done_steps
  while IFS= read -r line; do
    done_steps=${line%%/*}
    if [[ $line =~ ^[0-9]+/[0-9]+\  ]] && ((done_steps >= shown + 20)); then
      shown=$done_steps
      say "  ${line%% *} built"
    fi
  done
}

program() {
  local path
  path=$(build_dir release)/bin/$1
  [[ -x $path ]] || fail "$path is not there; run deploy/dev build"
  printf '%s\n' "$path"
}
