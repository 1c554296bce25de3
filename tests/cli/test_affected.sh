#!/bin/sh
# `passport affected` on a small store: counts, rows in every format, exit status, errors that say what to do.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() {
    echo "FAILED: $*" >&2
    exit 1
}
says() { grep -qF -- "$1" "$2" || { cat "$2"; fail "'$1' is not said"; }; }
ends() { # STATUS COMMAND…
    want=$1
    shift
    got=0
    "$@" || got=$?
    [ "$got" = "$want" ] || fail "status $got, not $want: $*"
}
affected() { "$TOUCHSTONE" passport affected --store p.db "$@"; }

document() { # ID GRANULARITY PRODUCT LINKS
    echo "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:p:$1\",\"granularity\":\"$2\",\"product\":{\"id\":\"https://id.gs1.org/01/$3\",\"name\":\"Traction battery\",\"modelNumber\":\"KX-200\",\"productCategory\":[{\"code\":\"1\",\"name\":\"B\",\"schemeId\":\"https://c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":\"https://m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{\"countryCode\":\"DE\"}},\"operator\":{\"id\":\"did:web:m.example\",\"name\":\"Voltara GmbH\"},$4\"packs\":[{\"id\":\"generic\"}],\"status\":\"active\"}"
}
{
    document ba batch 04006381333931/10/A ''
    document bb batch 04006381333931/10/B ''
    document i1 item 04006381333931/21/1 '"links":{"batch":"urn:p:ba"},'
    document i2 item 04006381333931/21/2 '"links":{"batch":"urn:p:bb"},'
    document i3 item 04006381333931/21/3 ''
} >lines
"$TOUCHSTONE" passport key --new k.pem >/dev/null 2>&1
"$TOUCHSTONE" passport issue --lines --store p.db --key k.pem lines 2>/dev/null
notice() { # SCOPE
    echo "{\"format\":\"touchstone-notice-1\",\"id\":\"t:1\",\"source\":\"t\",\"number\":\"1\",\"product\":\"Traction battery\",\"brands\":[\"Voltara\"],\"models\":[\"kx 200\"],\"kind\":\"recall\",\"published\":\"2026-11-01\"$1}"
}
notice ',"scope":{"lots":["A"]}' >n.json

# Counts and rows for people; 3: one cannot be excluded.
ends 3 affected --notices n.json --lang en >table
says "5 passports looked at" table
says "2  inside the stated scope" table
says "1  cannot be excluded" table
says "its batch: urn:p:ba" table
ends 3 affected --notices n.json --lang de >table
says "nicht auszuschließen" table
ends 3 affected --notices n.json --lang zh >table
says "不能排除" table
ends 3 affected --notices n.json --lang en --top 1 >table
says "2 more are not listed here" table

# Rows for programs.
ends 3 affected --notices n.json --format jsonl >rows
[ "$(wc -l <rows)" = 3 ] || fail "3 rows"
says '"passport":"urn:p:i1","product":"https://id.gs1.org/01/04006381333931/21/1","granularity":"item","answer":"inside","touch":"serial","reason":"lot_named","by":"A","through":"urn:p:ba","through_as":"batch"' rows
ends 3 affected --notices n.json --format jsonl --all >rows
[ "$(wc -l <rows)" = 5 ] || fail "5 rows"
ends 3 affected --notices n.json --format json >object
says '"counts":{"looked_at":5,"inside":2,"cannot_be_excluded":1,"outside":2}' object
ends 3 affected --notices n.json --format csv >rows.csv
says "urn:p:i3,https://id.gs1.org/01/04006381333931/21/3,item,cannot_be_excluded,model,not_stated,,," rows.csv
ends 3 affected --notices n.json --format html --lang en >page
says "<td>urn:p:i1</td>" page

# From the store; 0: nothing is open.
notice '' >whole.json
"$TOUCHSTONE" import --store p.db whole.json >/dev/null 2>&1
ends 0 affected --notice t:1 --lang en >table
says "5  inside the stated scope" table

# Errors.
ends 2 affected 2>why
says "name a notice" why
ends 2 affected --notice t:1 --format xml 2>why
ends 1 affected --notice t:2 2>why
says "the store holds no notice 't:2'" why
ends 1 "$TOUCHSTONE" passport affected --store none.db --notice t:1 2>why
[ ! -e none.db ] || fail "a question made a store"

# The table is derived: damaged or gone, the answer is the same.
[ -s p.db.passports.idx ] || fail "the table was not kept"
echo damaged >p.db.passports.idx
ends 3 affected --notices n.json --lang en >table 2>why
says "2  inside the stated scope" table
says "made anew" why
rm p.db.passports.idx
ends 3 affected --notices n.json --lang en >table
says "2  inside the stated scope" table
