#!/bin/sh
# The life of some e-bike batteries, from the factory to a recall, told with the program alone.
#
#   A maker (Rad AG) makes e-bike batteries of one model in two lots. From 18 February 2027 such a battery must have a passport (Regulation (EU)
#   2023/1542 Article 77; LMT: light means of transport). There is a passport of the model, one of each lot, one of each battery; the code on
#   each battery leads to its own. One battery was registered without its lot.
#   They are sold. One is repaired. One is taken apart, and its cells go into a storage unit for balconies, made by somebody else (Zweitleben
#   GmbH), with a passport of its own that names where the cells come from.
#   Then one lot is recalled. The recall must find exactly the batteries of that lot, and the storage unit; the battery whose lot nobody wrote
#   down cannot be excluded; the others are outside.
#   At last the maker's server is gone. Whoever scans a battery still learns that it is recalled, from a second provider who followed.
#
# Needs nothing but the program; curl is asked for, ZXingReader (reads the printed codes) is used where it is installed.
set -eu
command -v curl >/dev/null || { echo "curl is not installed: skipped"; exit 0; }
work=$(mktemp -d)
maker_server='' second_server=''
end() {
    for pid in $maker_server $second_server; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM
cd "$work"
export LC_ALL=C

touchstone() { "$TOUCHSTONE" "$@" --quiet --lang en; }
on() { export TOUCHSTONE_NOW="$1"; } # the day on which what follows happens
fail() { echo "FAILED: $*"; exit 1; }
# says TEXT FILE, is_silent_on TEXT FILE
says() { grep -qF -- "$1" "$2" || { head -c 3000 "$2"; fail "$2 does not say: $1"; }; }
is_silent_on() { ! grep -qF -- "$1" "$2" || fail "$2 says: $1"; }
# ends STATUS COMMAND…: the command ends with that exit status
ends() {
    want=$1 got=0
    shift
    "$@" || got=$?
    [ "$got" -eq "$want" ] || fail "$* ended with $got, not $want"
}

# ---- Who takes part ----
person() { # NAME: makes a key, prints the DID that goes with it
    "$TOUCHSTONE" passport key --new "$1.pem" --quiet | sed -n 's/.*"did_key": "\(.*\)",/\1/p'
}
maker=$(person maker) repairer=$(person repairer) second=$(person second)
person authority >/dev/null
gtin=09521234543213
base=https://id.rad.example
passport_of() { echo "https://id.rad.example/passports/$1"; }
product_of() { echo "$base/01/$gtin$1"; } # …: batch and serial as application identifiers

# ---- Made: 1 March 2027 ----
on 2027-03-01T08:00:00Z
# document NAME LEVEL AIS LINKS: a passport's content
document() {
    cat >"$1.json" <<END
{"format": "touchstone-passport-1", "id": "$(passport_of "$1")", "granularity": "$2",
 "product": {"id": "$(product_of "$3")", "name": "E-bike battery B500", "modelNumber": "B500",
  "productCategory": [{"code": "46411", "name": "Accumulators", "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/", "schemeName": "CPC"}],
  "producedAtFacility": {"id": "https://rad.example/works/1", "name": "Works 1"}, "countryOfProduction": {"countryCode": "DE"}},
 "operator": {"id": "$maker", "name": "Rad AG"}$4,
 "packs": [{"id": "battery", "category": "lmt"}], "status": "active",
 "elements": {"batteryCategory": "lmt", "ratedCapacity": {"value": 14, "unit": "Ah"}, "manufacturer": {"name": "Rad AG"}}}
END
}
of_lot() { echo ", \"links\": {\"batch\": \"$(passport_of "lot-$1")\", \"model\": \"$(passport_of model)\"}"; }
of_model=", \"links\": {\"model\": \"$(passport_of model)\"}"

document model model "" ""
document lot-A batch /10/L2703A "$of_model"
document lot-B batch /10/L2703B "$of_model"
for n in 1 2 3; do document battery-A$n item /10/L2703A/21/7Q2MX9A$n "$(of_lot A)"; done
for n in 1 2; do document battery-B$n item /10/L2703B/21/7Q2MX9B$n "$(of_lot B)"; done
document battery-X item /21/7Q2MX9XX "$of_model"

touchstone passport check battery-A1.json >check.txt || true
for name in model lot-A lot-B battery-A1 battery-A2 battery-A3 battery-B1 battery-B2 battery-X; do
    touchstone passport issue --store rad.db --key maker.pem --out $name.jwt $name.json 2>>absent.txt # what is absent is named
done
touchstone passport verify --offline --store rad.db battery-A1.jwt >verified.txt || [ $? -eq 3 ] # in no status list: not checked
says "verified" verified.txt

# The code on the battery, printed and read back.
touchstone passport label --format png --out label.png battery-A1.json
if command -v ZXingReader >/dev/null; then
    code=$(ZXingReader -1 label.png | sed 's/^[^"]*"\(.*\)"$/\1/')
    [ "$code" = "$(product_of /10/L2703A/21/7Q2MX9A1)" ] || fail "the label reads $code"
else
    code=$(product_of /10/L2703A/21/7Q2MX9A1)
    echo "ZXingReader is not installed: the label was not read back"
fi

# ---- Sold, repaired: summer 2027 ----
event() { touchstone passport event --store rad.db "$@" >/dev/null; }
on 2027-06-01T10:00:00Z
for lot in A1 A2 A3; do event --key maker.pem --kind sell --product "$(product_of /10/L2703A/21/7Q2MX9$lot)"; done
for lot in B1 B2; do event --key maker.pem --kind sell --product "$(product_of /10/L2703B/21/7Q2MX9$lot)"; done
event --key maker.pem --kind sell --product "$(product_of /21/7Q2MX9XX)"
on 2027-08-20T15:00:00Z
repair() { event --by "$repairer" --kind repair --product "$(product_of /10/L2703A/21/7Q2MX9A2)" "$@"; }
ends 2 repair 2>asked.txt # a repairer is asked whether it makes another product of it (Regulation (EU) 2023/988 Article 13)
says "modif" asked.txt
repair --modified not_substantial

# ---- A second life: spring 2029 ----
on 2029-04-02T09:00:00Z
unit=https://id.zweitleben.example/01/09506000134352/21/BALKON7
cat >unit.json <<END
{"format": "touchstone-passport-1", "id": "https://id.zweitleben.example/passports/BALKON7", "granularity": "item",
 "product": {"id": "$unit", "name": "Balcony storage 400", "modelNumber": "BS400",
  "productCategory": [{"code": "46411", "name": "Accumulators", "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/", "schemeName": "CPC"}],
  "producedAtFacility": {"id": "https://zweitleben.example/1", "name": "Workshop"}, "countryOfProduction": {"countryCode": "DE"}},
 "operator": {"id": "$second", "name": "Zweitleben GmbH"}, "packs": [{"id": "battery", "category": "industrial"}], "status": "active",
 "predecessors": [{"id": "$(passport_of battery-A3)", "relation": "repurposed"}],
 "elements": {"batteryCategory": "industrial", "batteryStatus": "repurposed"}}
END
reuse() {
    event --kind repurpose --modified substantial --input "$(product_of /10/L2703A/21/7Q2MX9A3)" --output "$unit" --at 2029-04-02T08:00:00Z "$@"
}
reuse --key second.pem --passport unit.json 2>to-do.txt
says "stays active until that operator records the same event" to-do.txt
# Responsibility moved. The battery's own passport is closed by its own operator, who records the same.
reuse --key maker.pem
touchstone passport show --store rad.db "$(passport_of battery-A3)" >A3.txt
says inactive A3.txt
touchstone passport life --store rad.db "$unit" >life.txt
says "$(passport_of battery-A3)" life.txt

# ---- Recalled: 20 September 2029 ----
on 2029-09-20T12:00:00Z
cat >notices.jsonl <<END
{"format": "touchstone-notice-1", "id": "safety_gate:A12/00001/29", "source": "safety_gate", "number": "A12/00001/29", "title": "E-bike battery B500", "product": "E-bike battery", "brands": ["Rad"], "models": ["B500"], "identifiers": [{"type": "gtin13", "value": "9521234543213"}], "hazard": "The battery can catch fire.", "remedy": "Stop charging it and give it back.", "language": "en", "country": "DE", "published": "2029-09-20", "kind": "recall", "scope": {"lots": ["L2703A"]}}
END
touchstone import --store rad.db notices.jsonl >/dev/null
notice=safety_gate:A12/00001/29
ends 3 touchstone passport affected --store rad.db --notice $notice --all --format jsonl >affected.jsonl # 3: something cannot be excluded
answer() { grep -F "\"$1\"" affected.jsonl | sed -n "s|.*\"passport\": *\"$1\".*\"answer\": *\"\([a-z_]*\)\".*|\1|p"; }
is() { # WHAT PASSPORT…
    want=$1
    shift
    for id in "$@"; do
        got=$(answer "$id")
        [ "$got" = "$want" ] || { cat affected.jsonl; fail "$id is '$got', not '$want'"; }
    done
}
is inside "$(passport_of lot-A)" "$(passport_of battery-A1)" "$(passport_of battery-A2)" "$(passport_of battery-A3)" \
    https://id.zweitleben.example/passports/BALKON7
is outside "$(passport_of lot-B)" "$(passport_of battery-B1)" "$(passport_of battery-B2)"
is cannot_be_excluded "$(passport_of battery-X)" "$(passport_of model)"

# The maker says so in every passport of its own that is hit, in one go; said twice it changes nothing.
ends 3 touchstone passport safety --store rad.db --key maker.pem --status recalled --notice $notice --affected >set.txt
says "4 set to recalled" set.txt
says "1 inside, of other operators" set.txt
ends 3 touchstone passport safety --store rad.db --key maker.pem --status recalled --notice $notice --affected >set.txt
says "0 set to recalled, 4 had it already" set.txt
# The authority says so of the storage unit, whose maker has not yet; the maker contests it; it stands until the authority lifts it.
on 2029-09-21T08:00:00Z
touchstone passport statement --store rad.db --offline --key authority.pem --issuer-name "Market surveillance" --status recalled --notice $notice \
    --out statement.jwt https://id.zweitleben.example/passports/BALKON7
touchstone passport safety --store rad.db --format json "$unit" >unit-safety.json
says '"status": "recalled"' unit-safety.json
says '"said_by": "third_party"' unit-safety.json
says '"through": "predecessor"' unit-safety.json
statement=$(sed -n 's/.*"id": "\(urn:uuid:[^"]*\)".*/\1/p' unit-safety.json | head -1)
touchstone passport statement --store rad.db --offline --key second.pem --issuer-name "Zweitleben GmbH" --contest "$statement" \
    --reason "The cells were tested." >/dev/null
touchstone passport safety --store rad.db "$unit" >unit-safety.txt
says "contested" unit-safety.txt
says "RECALLED" unit-safety.txt

# ---- Served; a stranger scans a battery ----
serve() { # STORE KEY NAME: a server, its address in $address
    "$TOUCHSTONE" serve --store "$1" --key "$2" --listen 127.0.0.1:0 --base "$base" --rate 0 >"$3.out" 2>"$3.log" &
    server=$!
    for _ in $(seq 100); do
        address=$(sed -n 's|.*\(http://127\.0\.0\.1:[0-9]*\).*|\1|p' "$3.out" "$3.log" | head -1)
        [ -n "$address" ] && curl -sf -o /dev/null "$address/healthz" && return
        sleep 0.1
    done
    cat "$3.out" "$3.log"
    fail "the server $3 does not answer"
}
serve rad.db maker.pem maker
maker_server=$server first=$address
path=${code#"$base"} # what the scanned code asks for, whoever answers under that name

# read_all ADDRESS FOLDER: everything a stranger can read about these products
read_all() {
    mkdir -p "$2"
    for what in /10/L2703A/21/7Q2MX9A1 /10/L2703A/21/7Q2MX9A2 /10/L2703A/21/7Q2MX9A3 /10/L2703B/21/7Q2MX9B1 /21/7Q2MX9XX /10/L2703A ""; do
        name=$(echo "item$what" | tr '/' '_')
        curl -sf "$1/recall-status?product=$(product_of "$what")" >"$2/$name.recall.json" || fail "$1 has no recall status of $what"
        curl -sfL -H 'Accept: application/linkset+json' "$1/01/$gtin$what?linkType=linkset" >"$2/$name.links.json" || fail "$1 has no links of $what"
    done
    curl -sf "$1/recall-status?product=$unit" >"$2/unit.recall.json"
    curl -sf "$1/statements?passport=https://id.zweitleben.example/passports/BALKON7" >"$2/unit.statements.json"
    for name in battery-A1 battery-A2 battery-A3 battery-B1 battery-X lot-A model; do
        curl -sf "$1/v1/dpps/$(passport_of $name | sed 's|:|%3A|g; s|/|%2F|g')" >"$2/$name.en18223.json" || fail "$1 has no EN 18223 of $name"
        curl -sf -H 'Accept: text/html' "$1/passport?id=$(passport_of $name)&lang=en" >"$2/$name.html" || fail "$1 has no page of $name"
    done
    curl -sf "$1/epcis/events?product=$(product_of /10/L2703A/21/7Q2MX9A2)" >"$2/battery-A2.epcis.json"
}
read_all "$first" first
curl -s -o scanned.html -w '%{http_code}' -H 'Accept: text/html' "$first$path" >scanned.txt
says 307 scanned.txt # to the page
says '"status":"recalled"' first/item_10_L2703A_21_7Q2MX9A1.recall.json
says '"status":"none_known"' first/item_10_L2703B_21_7Q2MX9B1.recall.json # and that claims nothing
says '"status":"none_known"' first/item_21_7Q2MX9XX.recall.json
says '"contested":' first/unit.recall.json
says 'role="alert"' first/battery-A1.html
is_silent_on 'role="alert"' first/battery-B1.html
# the recall before anything else: before the name of the product
awk '/role="alert"/{a = NR} /<h1/{if (!h) h = NR} END{exit !(a && h && a <= h)}' first/battery-A1.html || fail "the page names something before the recall"
says recallStatus first/item_10_L2703A_21_7Q2MX9A1.links.json
says repair first/battery-A2.epcis.json

# The same question over HTTP, for whoever has the notice.
curl -sf "$first/affected?notice=$(echo $notice | sed 's|:|%3A|g; s|/|%2F|g')" >hit.json
says '"inside":5,"cannot_be_excluded":2,"outside":3' hit.json
# What it said before the recall can still be read, and what was recalled stays readable.
touchstone passport show --store rad.db --at 2029-01-01 "$(passport_of battery-A1)" >before.txt
is_silent_on RECALLED before.txt
touchstone passport show --store rad.db "$(passport_of battery-A1)" >after.txt
says RECALLED after.txt

# ---- A second provider follows, and the first one is gone ----
touchstone token issue --store rad.db --name "Zweiter Anbieter" --right replicate --days 30 >bearer
touchstone passport log --store rad.db --checkpoint --key maker.pem --out checkpoint.jwt
touchstone passport follow --store copy.db --offline --token-file bearer --allow-private "${first#http://}" "$first/log"
kill -9 "$maker_server"
wait "$maker_server" 2>/dev/null || true
maker_server=''
mkdir gone && mv rad.db* gone/
touchstone passport log --store copy.db --prove >/dev/null

serve copy.db second.pem second
second_server=$server
read_all "$address" second
for name in first/*; do
    case $name in *.html) continue ;; esac # pages name the hour
    cmp -s "$name" "second/${name#first/}" || { diff "$name" "second/${name#first/}" | head -c 2000; fail "the second provider says something else: $name"; }
done
says 'role="alert"' second/battery-A1.html
curl -sf -H 'Accept: text/html' "$address/passport?id=$(passport_of battery-A1)&lang=de" >de.html
says 'lang="de"' de.html
# what was signed verifies without the maker
touchstone passport export --store copy.db --as signed --out A1.jwt "$(passport_of battery-A1)"
touchstone passport verify --offline --format json A1.jwt >verified.json || [ $? -eq 3 ]
awk '/"signature": /{getline; exit !/"verified"/}' verified.json || fail "the signed passport does not verify"

echo "made, sold, repaired, reused, recalled: 5 passports of 10 are hit, 2 cannot be excluded, 3 are outside; all readable at the second provider"
