# shellcheck shell=bash
# Secrets and identities of the instance: made once, kept in its state directory, never overwritten.

make_secrets() {
  [[ -s $STATE/secrets/key-encryption-key ]] ||
    run_logged "$STATE/log/keys.log" "no key-encryption key" "$(program certifier-engine)" key-encryption-key \
      --out "$STATE/secrets/key-encryption-key"
  make_certificate engine engine
  make_certificate gateway gateway
  make_certificate admin admin-service
  make_certificate operator admin
}

# make_certificate ROLE NAME
make_certificate() {
  [[ -s $STATE/tls/$2.crt ]] && return 0
  run_logged "$STATE/log/keys.log" "no certificate for $2" "$(program certifier-engine)" service-certificate \
    --directory "$STATE/tls" --role "$1" --name "$2" --host localhost --host 127.0.0.1
}
