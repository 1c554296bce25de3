#!/bin/sh
# Payloads of other data models taken over by the program: what is placed, what is not, and what that says to a script.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TOUCHSTONE_NOW=2028-11-20T10:00:00Z LC_ALL=C

import() { "$TOUCHSTONE" passport import --lang en "$@"; }
fail() { echo "FAILED: $*"; exit 1; }
says() { grep -qF -- "$1" "$2" || { cat "$2"; fail "$2 does not say: $1"; }; }
ends() { # STATUS COMMAND…
    want=$1 got=0
    shift
    "$@" || got=$?
    [ "$got" -eq "$want" ] || fail "$* ended with $got, not $want"
}
product=https://id.example.com/01/09521234543213/21/7Q2MX9HDKCW4

cat >general.json <<END
{"batteryCategory": "lmt", "batteryPassportIdentifier": "urn:example:b1", "productIdentifier": "B1", "batteryStatus": "Original", "batteryMass": 3.2,
 "operatorInformation": {"identifier": "did:web:rad.example", "contactName": "Rad AG", "emailAddress": "a@rad.example"}}
END
cat >performance.json <<END
{"batteryTechicalProperties": {"ratedCapacity": 14, "nominalVoltage": 36}}
END
ends 4 import --product $product --name "Battery" --report report.json --out battery.json general.json performance.json 2>said.txt
says "8 of 10 values" said.txt
says '"urn:example:b1"' battery.json
says '"ratedCapacity": {"unit":"Ah","value":14}' battery.json
says '"from": "/operatorInformation/emailAddress"' report.json
says '"why": "has no counterpart here"' report.json
"$TOUCHSTONE" passport check battery.json >check.txt 2>&1 || [ $? -eq 3 ] || [ $? -eq 1 ] || fail "what came of it is no passport"
ends 4 import --product $product --store p.db general.json 2>said.txt
says "version 1, new" said.txt
# everything placed: 0
cat >whole.json <<END
{"supplyChainDueDiligenceReport": "https://rad.example/report"}
END
ends 0 import --product $product --operator did:web:rad.example --id urn:example:b2 --out whole.out whole.json 2>said.txt
says "1 of 1 values" said.txt
ends 1 import whole.json 2>said.txt
says "--product" said.txt

# Certificates: which one it is must be said, and what is asked of a repair is asked.
cat >certificate.json <<END
{"certificate": {"catenaXId": "urn:uuid:055c1128-0375-47c8-98de-7cf802c3241d", "issueDate": "2028-02-03T14:48:54Z", "supplier": "BPNL8888888888XX", "vin": "WBA41DU060S228332"}}
END
ends 2 import certificate.json 2>said.txt
says "--as" said.txt
ends 4 import --as catena-x-repair-certificate --product $product --modified not_substantial --out event.json certificate.json 2>said.txt
says '"touchstone:kind":"repair"' event.json
says "$product" event.json
! grep -q WBA41 event.json || fail "a vehicle's number was taken"
ends 2 import --as catena-x-repair-certificate --product $product --modified perhaps certificate.json 2>said.txt
ends 2 import --as catena-x-repair-certificate --store p.db --product $product certificate.json 2>said.txt
ends 4 import --as catena-x-repair-certificate --store p.db --product $product --modified not_substantial certificate.json 2>said.txt
says "repair: recorded" said.txt
ends 4 import --as catena-x-repair-certificate --store p.db --product $product --modified not_substantial certificate.json 2>said.txt
says "repair: there already" said.txt
"$TOUCHSTONE" passport life --store p.db --lang en urn:example:b1 >life.txt
says "2028-02-03T14:48:54Z" life.txt
echo "imported from other data models: 2 passports, 1 event"
