# shellcheck shell=bash
# The first CA, entity and device of an instance: what `up` makes once, and checks with other people's tools.

readonly DEMO_CA=demo DEMO_ENTITY=demo-device

ctl() {
  "$(program certifierctl)" --server "127.0.0.1:$(port_of admin grpc)" --tls-ca "$STATE/tls/internal-ca.crt" \
    --tls-certificate "$STATE/tls/admin.crt" --tls-key "$STATE/tls/admin.key" "$@"
}

# checked_ctl ARGUMENTS...: a failure ends with what certifierctl said.
checked_ctl() {
  local log=$STATE/log/certifierctl.log
  ctl "$@" 2>"$log" || fail_with_log "$log" "certifierctl $1 $2 failed"
}

# make_first_operator: "admin", who may do everything, with his certificate and, for the web page, a password of his own.
make_first_operator() {
  ctl whoami >/dev/null 2>&1 && return 0
  say "making the first operator"
  make_password operator-password
  run_logged "$STATE/log/certifierctl.log" "no first operator" initialize
}

initialize() {
  local token
  token=$("$(program certifier-engine)" initialization-token --database "$(conninfo certifier)" \
    --database-password-file "$STATE/secrets/database-password") || return 1
  ctl init --login admin --token-from - --password-from "$STATE/secrets/operator-password" <<<"$token"
}

make_demo_ca() {
  if ! ctl --json ca show "$DEMO_CA" >/dev/null 2>&1; then
    say "making the CA $DEMO_CA ($CA_KEY)"
    checked_ctl ca create "$DEMO_CA" --key-algorithm "$CA_KEY" >/dev/null
  fi
  # What micromdm's scepclient 2.1 and certmonger 0.79, both Debian 12's, cannot do without.
  local old=off
  if [[ $OLD_CLIENTS == yes ]]; then old=on; fi
  checked_ctl ca set "$DEMO_CA" "legacy-des=$old" "empty-reply-content=$old" >/dev/null
}

has_demo_entity() {
  ctl --json entity list 2>/dev/null |
    python3 -c 'import json, sys
sys.exit(not any(entity["name"] == sys.argv[1] for entity in json.load(sys.stdin)["entities"]))' "$DEMO_ENTITY"
}

make_demo_entity() {
  has_demo_entity && return 0
  say "making the entity $DEMO_ENTITY"
  checked_ctl entity create "$DEMO_ENTITY" >/dev/null
}

# make_key FILE: a key good for one certificate; the file holds certifierctl's answer and nobody else may read it.
make_key() {
  (umask 077 && checked_ctl --json key create --entity "$DEMO_ENTITY" --ca "$DEMO_CA" --uses 1 >"$1.new")
  mv "$1.new" "$1"
}

# is_key_usable FILE: whether the key in it still has a use left and its time has not passed.
is_key_usable() {
  [[ -s $1 ]] || return 1
  ctl --json key list --entity "$DEMO_ENTITY" 2>/dev/null | python3 -c 'import datetime, json, sys
number = json.load(open(sys.argv[1]))["reference_number"]
now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
sys.exit(not any(key["reference_number"] == number and int(key["use_count"]) < int(key["use_limit"])
                 and key["expires_at"] > now for key in json.load(sys.stdin)["keys"]))' "$1"
}

local_url() {
  printf 'http://127.0.0.1:%s/scep/%s\n' "$(port_of gateway-1 scep)" "$DEMO_CA"
}

# enrol_demo_device: fetches the CA, enrols with a key, and has OpenSSL judge the certificate. Done once.
enrol_demo_device() {
  local directory=$STATE/demo
  [[ -s $directory/device.crt ]] && return 0
  say "enrolling a device with strongSwan"
  run_logged "$STATE/log/enrolment.log" "strongSwan gets no CA certificate" fetch_ca "$directory"
  [[ -s $directory/enrolment-key ]] || make_key "$directory/enrolment-key"
  run_logged "$STATE/log/enrolment.log" "strongSwan gets no certificate" enrol "$directory"
  run_logged "$STATE/log/enrolment.log" "the certificate does not verify" openssl verify -x509_strict \
    -CAfile "$directory/ca.crt" "$directory/device.crt.new"
  mv "$directory/device.crt.new" "$directory/device.crt"
  rm "$directory/enrolment-key"
}

fetch_ca() {
  pki --scepca --url "$(local_url)" --caout "$1/ca.crt" --raout "$1/ra.crt" --outform pem --force
}

enrol() {
  (umask 077 && openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1/device.key")
  pki_options "$1" >"$1/options"
  chmod 0600 "$1/options"
  local code=0
  pki --scep --options "$1/options" >"$1/device.crt.new" || code=$?
  rm "$1/options"
  return "$code"
}

# pki_options DIRECTORY: in a file, so that the key is on no command line.
pki_options() {
  cat <<OPTIONS
--url "$(local_url)"
--in "$1/device.key"
--dn "CN=$DEMO_ENTITY"
--san "$DEMO_ENTITY.example"
--password "$(json_field key <"$1/enrolment-key")"
--cacert-enc "$1/ra.crt"
--cacert-sig "$1/ra.crt"
--cacert "$1/ca.crt"
--outform "pem"
OPTIONS
}

# ensure_fresh_key: the key that the summary prints; kept as long as it is good.
ensure_fresh_key() {
  local file=$STATE/demo/fresh-key
  is_key_usable "$file" && return 0
  if [[ -s $file ]]; then say "the pre-shared key that was printed last is used up or expired; making another"; fi
  make_key "$file"
}
