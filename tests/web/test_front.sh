#!/bin/sh
# packaging/nginx/touchstone.conf before `touchstone serve`, asked over TLS 1.2, 1.3, HTTP/1.1 and HTTP/2: addresses arrive as they
# were sent, limits hold, what is too old is refused. Skipped where nginx, openssl or curl is not at hand.
set -eu
for need in nginx openssl curl; do
    command -v $need >/dev/null || { echo "skipped: there is no $need"; exit 0; }
done
source=${TS_SOURCE:?} program=${TOUCHSTONE:?}
export TOUCHSTONE_SHARE="$source"
work=$(mktemp -d)
serve='' nginx=''
# shellcheck disable=SC2317 # called by the trap
end() {
    status=$?
    [ -z "$nginx" ] || kill "$nginx" 2>/dev/null || true
    [ -z "$serve" ] || kill "$serve" 2>/dev/null || true
    wait
    [ $status -eq 0 ] || for log in "$work"/*.log; do echo "$log:"; tail -n 5 "$log"; done
    rm -rf "$work"
}
trap end EXIT
fail() { echo "FAILED: $*"; exit 1; }
wait_for() { # FILE TEXT
    for _ in $(seq 100); do grep -q "$2" "$1" 2>/dev/null && return; sleep 0.1; done
    fail "no '$2' in $1"
}
free_port() { # one that nobody listens on now
    while :; do
        port=$(($(od -An -N4 -tu4 /dev/urandom) % 20000 + 10000))
        curl -s -o "$work/port" --max-time 1 "http://127.0.0.1:$port/" || [ $? -ne 7 ] || break
    done
    echo "$port"
}

# ---- the server ----
token=$("$program" token issue --store "$work/s.db" --name test --right replicate --quiet)
"$program" serve --store "$work/s.db" --listen 127.0.0.1:0 --base https://id.example.com --behind-front --rate 1000000 \
    --verbose 2>"$work/serve.log" &
serve=$!
wait_for "$work/serve.log" 'listening on'
inner=$(sed -n 's/.*listening on http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/serve.log")

# ---- the front, with a certificate of its own making ----
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=id.example.com \
    -addext subjectAltName=DNS:id.example.com -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/openssl.log"
plain=$(free_port) tls=$(free_port)
sed -e "s|127\.0\.0\.1:8080|127.0.0.1:$inner|" -e "s|listen 80;|listen 127.0.0.1:$plain;|" \
    -e "s|listen 443 ssl|listen 127.0.0.1:$tls ssl|" -e '/listen \[::\]/d' -e "s|/etc/ssl/touchstone/fullchain.pem|$work/cert.pem|" \
    -e "s|/etc/ssl/touchstone/key.pem|$work/key.pem|" -e "s|/var/log/nginx|$work|" \
    "$source/packaging/nginx/touchstone.conf" >"$work/touchstone.conf"
[ "$(grep -c "listen 127.0.0.1" "$work/touchstone.conf")" -eq 2 ] || fail "the configuration is not as this test expects it"
cat >"$work/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { }
http {
    client_body_temp_path $work/t1;
    proxy_temp_path $work/t2;
    fastcgi_temp_path $work/t3;
    uwsgi_temp_path $work/t4;
    scgi_temp_path $work/t5;
    include $work/touchstone.conf;
}
END
[ "$(id -u)" -ne 0 ] || chmod 755 "$work"
nginx -p "$work" -e "$work/nginx.log" -c "$work/nginx.conf" -t >"$work/check.log" 2>&1 || fail "nginx does not take the configuration"
grep -qi warn "$work/check.log" && fail "nginx warns: $(cat "$work/check.log")"
nginx -p "$work" -e "$work/nginx.log" -c "$work/nginx.conf" >"$work/nginx-out.log" 2>&1 &
nginx=$!

url() { # CURL-OPTION… PATH
    curl -s --cacert "$work/cert.pem" --resolve "id.example.com:$tls:127.0.0.1" --max-time 20 -o "$work/body" -D "$work/head" \
        --path-as-is -w '%{http_code} %{http_version}' "$@" || true
}
at=https://id.example.com:$tls
for _ in $(seq 100); do [ "$(url "$at/healthz")" = '000 0' ] || break; sleep 0.1; done

is() { [ "$1" = "$2" ] || fail "$3: '$1', not '$2'"; }
is "$(url --http2 "$at/healthz")" '200 2' 'HTTP/2'
grep -q '"status":"ok"' "$work/body" || fail 'no answer of the server'
grep -qi '^strict-transport-security: max-age=31536000' "$work/head" || fail 'no Strict-Transport-Security'
grep -qi '^x-content-type-options: nosniff' "$work/head" || fail 'the headers of the server are gone'
is "$(url --http1.1 "$at/healthz")" '200 1.1' 'HTTP/1.1'
is "$(url --http2 --tlsv1.2 --tls-max 1.2 "$at/healthz")" '200 2' 'TLS 1.2'
is "$(url --http2 --tlsv1.3 "$at/healthz")" '200 2' 'TLS 1.3'
is "$(url --ciphers DEFAULT@SECLEVEL=0 --tlsv1.0 --tls-max 1.1 "$at/healthz")" '000 0' 'TLS 1.1 is refused'
is "$(url --http2 -I "$at/healthz")" '200 2' 'HEAD'

# An address arrives as it was sent.
is "$(url --http2 "$at/v1/dpps/https%3A%2F%2Fid.example%2F%2Fa%252Fb")" '404 2' 'a coded identifier'
wait_for "$work/serve.log" ' /v1/dpps/https%3A%2F%2Fid.example%2F%2Fa%252Fb '
url --http2 "$at/v1//dpps/a/../b" >"$work/status"
wait_for "$work/serve.log" ' /v1//dpps/a/../b '

# Rights and bodies pass through.
is "$(url --http2 "$at/log")" '401 2' 'without a token'
grep -qi '^www-authenticate: bearer' "$work/head" || fail 'no WWW-Authenticate'
is "$(url --http2 -H "Authorization: Bearer $token" "$at/healthz")" '200 2' 'with a token'
is "$(url --http2 -X POST -H 'Content-Type: application/json' -d '[]' "$at/healthz")" '405 2' 'another method'
head -c 17000000 /dev/zero >"$work/large"
is "$(url --http2 -H 'Content-Type: application/json' --data-binary "@$work/large" "$at/v1/dppsByProductIds")" '413 2' 'a body that is too large'
is "$(url --http2 -X OPTIONS -H 'Origin: https://elsewhere.example' "$at/healthz")" '204 2' 'OPTIONS'
grep -qi '^access-control-allow-origin: \*' "$work/head" || fail 'no CORS'

# Without TLS there is a redirect, the query and all.
is "$(curl -s -o "$work/body" -w '%{http_code} %{redirect_url}' -H 'Host: id.example.com' "http://127.0.0.1:$plain/01/0952?x=%2F")" \
    '308 https://id.example.com/01/0952?x=%2F' 'plain HTTP'

# Who asked is written down nowhere.
if grep -rl '127\.0\.0\.1 - ' "$work"/*.log; then fail 'addresses of callers in a log'; fi

# The server goes away and comes back: the front says so in between.
kill "$serve"
wait "$serve" || fail 'the server did not end well'
is "$(url --http2 "$at/healthz")" '502 2' 'the server is gone'
"$program" serve --store "$work/s.db" --listen "127.0.0.1:$inner" --behind-front --quiet 2>>"$work/serve.log" &
serve=$!
for _ in $(seq 100); do [ "$(url --http2 "$at/healthz")" = '502 2' ] || break; sleep 0.1; done
is "$(url --http2 "$at/healthz")" '200 2' 'the server is back'
echo "front: HTTP/1.1 and 2 over TLS 1.2 and 1.3 on $at"
