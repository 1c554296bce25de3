#!/bin/sh
# From the maker's draft to a dossier in which all five steps are verified, and what becomes of it when a part is taken away or bent.
set -eu
data=${TOUCHSTONE_DATA:-$TS_SOURCE/../shared/data}/passport/untp/schema
[ -d "$data" ] || { echo "skipped: UNTP's schemas are not at hand; docs/data.md says how to get them"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TOUCHSTONE_NOW=2026-11-20T10:00:00Z LC_ALL=C

passport() { "$TOUCHSTONE" passport "$@" --quiet; }
did() { passport key "$1" | sed -n 's/.*"did_key": "\(.*\)",/\1/p'; }
# expect STATUS RESULTS ARGUMENT…: exit status, and the five results in the order of the report
expect() {
    want=$1 results=$2
    shift 2
    got=0
    passport verify --offline --format json --schemas "$data" "$@" >report.json 2>err.txt || got=$?
    said=$(awk '/^  "(signature|issuer|status|schema|attestations)": /{ getline; split($0, part, "\""); printf "%s ", part[4] }' report.json)
    [ "$got" -eq "$want" ] && [ "$said" = "$results " ] && return
    echo "FAILED: $* ended with $got and '$said', not $want and '$results'"
    cat err.txt report.json
    exit 1
}

for who in maker laboratory accreditor; do passport key --new $who.pem >/dev/null; done
laboratory=$(did laboratory.pem)
accreditor=$(did accreditor.pem)
product=https://id.example.com/01/09521234543213/21/7Q2MX9HDKCW4

cat >kettle.json <<END
{"format": "touchstone-passport-1", "id": "urn:uuid:1b7e2d74-2c5e-4a53-9a77-0a4f6f0f2f11", "granularity": "item",
 "product": {"id": "$product", "name": "Kettle", "productCategory": [{"code": "1", "name": "Kettles", "schemeId": "https://c.example", "schemeName": "C"}],
  "producedAtFacility": {"id": "https://maker.example/1", "name": "One"}, "countryOfProduction": {"countryCode": "DE"},
  "performanceClaim": [{"id": "https://maker.example/claims/1", "name": "Safe to touch", "claimDate": "2026-10-01",
   "referenceCriteria": [{"id": "https://c.example/touch", "name": "Touch"}], "claimedPerformance": [{"score": {"code": "A"}}],
   "conformityTopic": [{"id": "https://c.example/safety", "name": "Safety"}],
   "evidence": [{"linkURL": "https://laboratory.example/certificates/7", "linkName": "Certificate 7"}]}]},
 "operator": {"id": "did:web:maker.example", "name": "Maker"}, "packs": [{"id": "generic"}], "status": "active",
 "elements": {"identification": {"model": "KX-17"}}}
END
cat >certificate.json <<END
{"@context": ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"],
 "type": ["DigitalConformityCredential", "VerifiableCredential"], "id": "https://laboratory.example/certificates/7", "name": "Certificate 7",
 "issuer": {"type": ["CredentialIssuer"], "id": "$laboratory", "name": "Laboratory"}, "validFrom": "2026-11-01T00:00:00Z",
 "credentialSubject": {"type": ["ConformityAttestation"], "id": "https://laboratory.example/certificates/7#1", "name": "Kettle, touch",
  "assessorLevel": "3rdParty", "assessmentLevel": "authority-mandate", "attestationType": "certification",
  "issuedToParty": {"id": "https://maker.example", "name": "Maker"}, "referenceScheme": {"id": "https://c.example/scheme", "name": "Scheme"},
  "authorisation": [{"name": "Accreditation", "issuingAuthority": {"id": "$accreditor", "name": "Accreditor"},
   "endorsementEvidence": {"linkURL": "https://accreditor.example/77", "linkName": "Register 77"}}],
  "conformityAssessment": [{"id": "https://laboratory.example/certificates/7#2", "name": "Touch", "assessmentDate": "2026-10-20",
   "assessmentCriteria": [{"id": "https://c.example/touch", "name": "Touch"}], "assessedPerformance": [{"score": {"code": "A"}}],
   "assessedProduct": [{"product": {"id": "$product", "name": "Kettle"}}],
   "conformityTopic": [{"id": "https://c.example/safety", "name": "Safety"}], "conformance": true}]}}
END
cat >accreditation.json <<END
{"@context": ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"],
 "type": ["DigitalIdentityAnchor", "VerifiableCredential"], "id": "https://accreditor.example/77", "name": "Register 77",
 "issuer": {"type": ["CredentialIssuer"], "id": "$accreditor", "name": "Accreditor"}, "validFrom": "2026-01-01T00:00:00Z",
 "credentialSubject": {"type": ["RegisteredIdentity"], "id": "$laboratory", "registeredName": "Laboratory", "registeredId": "77",
  "registeredDate": "2020-01-01", "idScheme": {"type": ["IdentifierScheme"], "id": "https://accreditor.example", "name": "Register"},
  "registrar": {"id": "$accreditor", "name": "Accreditor"}, "registerType": "accreditation"}}
END
passport issue --key maker.pem --store p.db --status-list https://maker.example/status/1 --out kettle.jwt kettle.json
passport sign --key laboratory.pem --schemas "$data" --out certificate.jwt certificate.json
passport sign --key accreditor.pem --schemas "$data" --as di --out accreditation.signed accreditation.json
passport export --store p.db --with certificate.jwt --with accreditation.signed --out whole.json "$product"
passport export --store p.db --with certificate.jwt --out short.json "$product"

expect 0 "verified verified verified verified verified" --trust "$accreditor" --product "$product" whole.json
expect 3 "verified verified verified verified not_checked" whole.json
expect 3 "verified verified verified verified not_checked" --trust "$accreditor" short.json
expect 0 "verified verified verified verified verified" --trust "$laboratory" short.json
expect 3 "verified verified not_checked verified not_checked" kettle.jwt
expect 1 "verified verified verified failed verified" --trust "$accreditor" --product "(01)09521234543213(21)OTHER" whole.json
# somebody else's certificate, a laboratory that says no, and one that was bent
sed 's/"conformance": true/"conformance": false/' certificate.json >no.json
passport sign --key laboratory.pem --out no.jwt no.json
passport export --store p.db --with no.jwt --out denied.json "$product"
expect 1 "verified verified verified verified failed" --trust "$laboratory" denied.json
sed 's/Register 77/Register 78/' whole.json >bent.json
expect 1 "verified verified verified verified failed" --trust "$accreditor" bent.json
! passport sign --key laboratory.pem accreditation.json 2>/dev/null || { echo "FAILED: signed in another's name"; exit 1; }
# revoked, and the list published anew
passport revoke --store p.db --key maker.pem --out list.jwt urn:uuid:1b7e2d74-2c5e-4a53-9a77-0a4f6f0f2f11
# an old list inside does not hide a newer one at hand
expect 1 "verified verified failed verified verified" --trust "$accreditor" --with list.jwt whole.json
passport export --store p.db --with certificate.jwt --with accreditation.signed --out revoked.json "$product"
expect 1 "verified verified failed verified verified" --trust "$accreditor" revoked.json
expect 1 "verified verified failed verified not_checked" --with list.jwt kettle.jwt
echo "a whole dossier: verified; 12 lesser ones: said so"
