// The program's canonical JSON (RFC 8785) against that of others: what it signs is canonical to the byte, says what was written, and
// verifies elsewhere.
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import canonicalize from 'canonicalize';
import * as nasty from './nasty.mjs';
import {issue, newKey, passport, touchstone, verifyCredential} from './lib.mjs';

// A passport with one more element, whose JSON is `text`.
async function withElement(name, text) {
  const file = await passport(name, {nasty: 'HERE'});
  writeFileSync(file, readFileSync(file, 'utf8').replace('"HERE"', () => text));
  return file;
}

async function same(name, text) {
  const key = await newKey(`${name}.pem`), file = await withElement(`${name}.json`, text);
  for (const [form, of] of [['untp-di', s => s.characteristics.nasty], ['en18223-di', s => s.nasty]]) {
    const out = await issue(file, key, form), credential = JSON.parse(out);
    assert.equal(out, canonicalize(credential), `${form} is canonical`);
    assert.equal(canonicalize(of(credential.credentialSubject)), canonicalize(JSON.parse(text)), `${form} says what was written`);
    const taken = await verifyCredential(credential);
    assert.ok(taken.verified, JSON.stringify(taken.error));
  }
  return `${text.length} bytes`;
}

const doubles = () => Array.from({length: 5000}, nasty.double);

// Numerals half-way between two doubles, and next to half-way.
function ties() {
  const all = [];
  for (let i = 0; i < 1000; i++) {
    const odd = (1n << 53n) + BigInt(nasty.random(2 ** 32)) * 2n + 1n, power = BigInt(nasty.random(900));
    all.push(odd * (1n << power), `${odd}.${'0'.repeat(60)}`, `${odd}.${'0'.repeat(60)}1`, `${odd - 1n}.${'9'.repeat(60)}`);
    const at = nasty.random(308), digits = String(odd * 10n ** 40n / 2n ** BigInt(nasty.random(120)));
    all.push(`${digits[0]}.${digits.slice(1)}e-${at}`);
  }
  return all.join(',');
}

const keysOf = v => v && typeof v === 'object' ? Object.entries(v).flatMap(([k, x]) => [k, ...keysOf(x)]) : [];
function texts() {
  const list = Array.from({length: 800}, () => nasty.value(4));
  assert.ok(keysOf(list).includes('__proto__'));
  return list;
}

// What no canonical text exists for, or none that all read alike, is not signed.
async function refused() {
  const key = await newKey('refused.pem');
  const bad = ['"\\ud83d"', '"\\ude00\\ud83d"', '{"\\ud800":1}', '{"a":1,"\\u0061":2}', '1e400', '-1e309', 'NaN', '[01]', '[1.]', '[.5]', '[+1]',
    '"\u0007"', '"\\x41"', '[1,]', `${'['.repeat(200)}${']'.repeat(200)}`];
  for (const text of bad) {
    const {status} = await touchstone(['passport', 'issue', '--key', key.file, '--form', 'untp-di', await withElement('refused.json', text)]);
    assert.equal(status, 1, `signed: ${text}`);
  }
  return `${bad.length} documents`;
}

export default {
  '5000 doubles': () => same('doubles', JSON.stringify(doubles())),
  '5000 doubles in unusual spellings': () => same('spelled', nasty.spell(doubles())),
  '5000 numerals that are hard to round': () => same('ties', `[${ties()}]`),
  'names and texts': () => same('texts', JSON.stringify(texts())),
  'names and texts in unusual spellings': () => same('texts-spelled', nasty.spell(texts())),
  'what has no canonical text': refused,
};
