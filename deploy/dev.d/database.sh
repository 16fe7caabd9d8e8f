# shellcheck shell=bash
# A PostgreSQL cluster of the instance's own, from Debian's server package: a socket in its 0700 directory and a free
# loopback port, both with scram-sha-256 and generated passwords, so that no other user of the machine gets in by either.
# PostgreSQL refuses to run as root; root runs it as the system's user postgres, who then owns the cluster's directory.

postgres_bin() {
  local found
  found=$(find /usr/lib/postgresql/*/bin -name postgres 2>/dev/null | sort -V | tail -n 1)
  [[ -n $found ]] || fail "PostgreSQL's server is not installed"
  dirname "$found"
}

as_postgres() {
  if ((EUID == 0)); then
    setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/ "$@"
  else
    "$@"
  fi
}

database_home() {
  readlink -f "$STATE/postgres"
}

# make_database_home: below the state directory, or, where the user postgres cannot reach that (a clone in /root), below
# /var/tmp with a link to it.
make_database_home() {
  [[ -e $STATE/postgres ]] && return 0
  local home=$STATE/postgres
  if ! as_postgres test -x "$STATE"; then
    home=$(mktemp -d /var/tmp/certifier-postgres.XXXXXX)
    ln -s "$home" "$STATE/postgres"
    say "the user postgres cannot reach $STATE, so the cluster is in $home"
  fi
  mkdir -p "$home"
  ((EUID == 0)) && chown postgres:postgres "$home"
  chmod 0700 "$home"
}

make_password() {
  [[ -s $STATE/secrets/$1 ]] || (umask 077 && openssl rand -hex 24 >"$STATE/secrets/$1")
}

init_database() {
  make_database_home
  local home
  home=$(database_home)
  [[ -f $home/data/PG_VERSION ]] && return 0
  say "making a PostgreSQL cluster in $home"
  make_password database-password
  make_password database-owner-password
  rm -rf "$home/data" "$home/data.new"
  as_postgres tee "$home/password" <"$STATE/secrets/database-owner-password" >/dev/null
  run_logged "$STATE/log/initdb.log" "initdb failed" as_postgres "$(postgres_bin)/initdb" -D "$home/data.new" \
    -U postgres --pwfile="$home/password" --auth=scram-sha-256 -E UTF8 --locale=C.UTF-8
  as_postgres rm "$home/password"
  as_postgres mkdir -p "$home/socket"
  as_postgres mv "$home/data.new" "$home/data"
}

write_database_settings() {
  local home
  home=$(database_home)
  as_postgres tee "$home/data/postgresql.auto.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $1
unix_socket_directories = '$(socket_dir)'
max_connections = 200
log_min_error_statement = panic
CONF
}

# socket_dir: nothing where the path is too long for a socket (107 octets).
socket_dir() {
  local home
  home=$(database_home)
  if ((${#home} < 80)); then printf '%s/socket\n' "$home"; fi
}

database_port() {
  cat "$STATE/run/postgres.port"
}

database_log() {
  printf '%s/postgres.log\n' "$(database_home)"
}

# conninfo USER: libpq's words for this cluster, without a password.
conninfo() {
  local host
  host=$(socket_dir)
  printf 'host=%s port=%s dbname=%s user=%s\n' "${host:-127.0.0.1}" "$(database_port)" "${2:-certifier}" "$1"
}

is_database_running() {
  [[ -e $STATE/postgres ]] || return 1
  as_postgres "$(postgres_bin)/pg_ctl" -D "$(database_home)/data" status >/dev/null 2>&1
}

start_database() {
  is_database_running && return 0
  local port=
  [[ -f $STATE/run/postgres.port ]] && port=$(database_port)
  [[ -n $port ]] && is_port_free 127.0.0.1 "$port" || port=$(free_port)
  printf '%s\n' "$port" >"$STATE/run/postgres.port"
  write_database_settings "$port"
  say "starting PostgreSQL on 127.0.0.1:$port"
  as_postgres "$(postgres_bin)/pg_ctl" -D "$(database_home)/data" -l "$(database_log)" -w -t 60 start \
    >/dev/null 2>&1 9>&- || fail_with_log "$(database_log)" "PostgreSQL does not start"
}

stop_database() {
  is_database_running || return 0
  say "stopping PostgreSQL"
  as_postgres "$(postgres_bin)/pg_ctl" -D "$(database_home)/data" -m fast -w -t 60 stop >/dev/null ||
    fail_with_log "$(database_log)" "PostgreSQL does not stop"
}

owner_psql() {
  PGPASSWORD=$(<"$STATE/secrets/database-owner-password") psql -X -q -v ON_ERROR_STOP=1 -At "$(conninfo postgres "$1")" \
    "${@:2}"
}

# make_database: the role and the database that the engines use; the role owns no more than that.
make_database() {
  [[ -n $(owner_psql postgres -c "SELECT 1 FROM pg_database WHERE datname = 'certifier'") ]] && return 0
  owner_psql postgres -v password="$(<"$STATE/secrets/database-password")" <<'SQL' ||
SELECT 'CREATE ROLE certifier LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'certifier') \gexec
ALTER ROLE certifier PASSWORD :'password';
CREATE DATABASE certifier OWNER certifier;
SQL
    fail_with_log "$(database_log)" "the database could not be made"
}

migrate() {
  run_logged "$STATE/log/migrate.log" "the migrations failed" "$(program certifier-engine)" migrate \
    --database "$(conninfo certifier)" --database-password-file "$STATE/secrets/database-password"
}
