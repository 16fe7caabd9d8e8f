# shellcheck shell=bash
# What `up` ends with: all that is needed to enrol the next device, ready to paste.

print_summary() {
  local directory=$STATE/demo url key ctl
  url=http://$HOST:$(port_of gateway-1 scep)/scep/
  key=$(json_field key <"$directory/fresh-key")
  ctl=$(ctl_command)
  cat <<SUMMARY

Certifier is up (state in $STATE)

SCEP URL          $url
CA name           $DEMO_CA
CA certificate    SHA-256 $(ca_fingerprint sha256)
                  SHA-1   $(ca_fingerprint sha1)
                  MD5     $(ca_fingerprint md5)
Pre-shared key    $key
                  (entity $DEMO_ENTITY, good for one certificate; kept in $directory/fresh-key)
Operators' page   https://127.0.0.1:$(port_of admin web)/   login admin, password in $STATE/secrets/operator-password
First device      $directory/device.crt, verified against $directory/ca.crt

strongSwan
  pki --scepca --url ${url}$DEMO_CA --caout ca.crt --raout ra.crt --outform pem
  pki --gen --type rsa --size 2048 --outform pem > device.key
  pki --scep --url ${url}$DEMO_CA --in device.key --dn "CN=$DEMO_ENTITY" --password "$key" \\
      --cacert-enc ra.crt --cacert-sig ra.crt --cacert ca.crt --outform pem > device.crt

scepclient
  scepclient -server-url ${url}$DEMO_CA -private-key client.key -certificate client.crt \\
      -cn $DEMO_ENTITY -challenge "$key"

certifierctl
  $ctl ca show $DEMO_CA
  $ctl key create --entity $DEMO_ENTITY --ca $DEMO_CA --uses 1
  $ctl request list
  $ctl certificate list
SUMMARY
}

ctl_command() {
  if [[ $STATE == "$ROOT/var/dev" ]]; then
    printf './deploy/dev ctl\n'
  else
    printf './deploy/dev ctl --state %s\n' "$STATE"
  fi
}

# ca_fingerprint DIGEST: as the CA certificate that SCEP serves has it, in OpenSSL's notation.
ca_fingerprint() {
  openssl x509 -in "$STATE/demo/ca.crt" -noout -fingerprint "-$1" | cut -d = -f 2
}
