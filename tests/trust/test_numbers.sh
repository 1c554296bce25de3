#!/bin/sh
# Numbers as JavaScript writes them: what RFC 8785 asks for, from the horse's mouth. Skipped where
# there is no node.
set -u
command -v node >/dev/null || { echo "node is not installed: skipped"; exit 0; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

node - "$work/numbers" <<'SCRIPT' || exit 1
const fs = require('fs');
const bytes = new DataView(new ArrayBuffer(8));
const lines = [];
const add = bits => {
  bytes.setBigUint64(0, BigInt.asUintN(64, bits));
  const v = bytes.getFloat64(0);
  if (Number.isFinite(v)) lines.push(bits.toString(16).padStart(16, '0') + ' ' + String(v));
};
const bitsOf = v => { bytes.setFloat64(0, v); return bytes.getBigUint64(0); };
const around = (v, n) => {
  for (let i = -n; i <= n; i++) {
    const bits = bitsOf(v) + BigInt(i);
    if (bits >= 0n && bits < 1n << 63n) { add(bits); add(bits | 1n << 63n); }
  }
};
// xorshift, so that every run has the same numbers
let state = 88172645463325252n;
const random = () => {
  state ^= BigInt.asUintN(64, state << 13n);
  state ^= state >> 7n;
  state ^= BigInt.asUintN(64, state << 17n);
  return state;
};
for (let q = -1074; q <= 1023; q++) around(2 ** q, 3);
for (let q = -323; q <= 308; q++) around(Number('1e' + q), 5);
for (let i = 0; i < 1000; i++) around(Number(random() % 100000n) / 10 ** (i % 12), 1);
for (let i = 0; i < 200000; i++) add(random());
// most numbers of a passport are small and short
for (let i = 0; i < 50000; i++) add(bitsOf(Number(random() >> 40n) / 10 ** (i % 9)));
fs.writeFileSync(process.argv[2], lines.join('\n') + '\n');
SCRIPT

TS_NUMBERS=$work/numbers "${TS_BUILD:?}/tests/test_trust_es6_number" as_javascript_writes_it
