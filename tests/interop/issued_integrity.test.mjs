// What the program issues with a Data Integrity proof: taken by Digital Bazaar's libraries, and refused by them and by the program
// after a change of any one byte.
import assert from 'node:assert/strict';
import canonicalize from 'canonicalize';
import {issue, made, newKey, parallel, passport, path, report, signed, takenOf, verifyCredential, verifyPresentation, why} from './lib.mjs';

const parsed = text => { try { return JSON.parse(text); } catch { return undefined; } };

// Each byte with one bit turned: one change for each mask.
function changes(text, masks) {
  const bytes = Buffer.from(text), all = [];
  for (let i = 0; i < bytes.length; i++) {
    for (const mask of masks) {
      const b = Buffer.from(bytes);
      b[i] ^= mask;
      all.push({at: i, bytes: b});
    }
  }
  return all;
}

async function everyByte(form, kind, suite, masks = [0x01]) {
  const key = await newKey(`${form}-${kind}.pem`, kind);
  const text = await issue(await passport(`${form}-${kind}.json`), key, form), whole = JSON.parse(text);
  assert.equal(whole.proof.cryptosuite, suite);
  assert.equal(text, canonicalize(whole), 'it is canonical');
  const taken = await verifyCredential(whole);
  assert.ok(taken.verified, JSON.stringify(taken.error));
  assert.ok(signed(await report(text)), 'the program takes its own');

  const all = changes(text, masks), broken = [], credentials = [];
  for (const change of all) {
    const value = parsed(change.bytes.toString());
    if (value === undefined) {
      broken.push(change);
      continue;
    }
    assert.notEqual(canonicalize(value), text, `byte ${change.at} means the same`);
    assert.equal((await verifyCredential(structuredClone(value))).verified, false, `byte ${change.at} changed, and they take it`);
    if (value !== null && typeof value === 'object' && JSON.stringify(value) === change.bytes.toString()) credentials.push(value);
    else broken.push(change); // one that only their parser takes: a repeated name, bytes that are no UTF-8
  }
  assert.deepEqual(await takenOf([...credentials, whole]), [whole.id], 'of all the changed ones the program takes none');

  const step = Math.ceil(broken.length / 100), some = broken.filter((_, i) => i % step === 0);
  await parallel(some, async ({at, bytes}) => {
    const r = await report(bytes);
    assert.ok(!signed(r), `byte ${at} changed, and the program takes it: ${why(r)}`);
  });
  return `${text.length} bytes, ${all.length} changes: ${credentials.length} refused by both, ` +
    `${broken.length} no good JSON (${some.length} of them refused by the program)`;
}

async function dossier() {
  const key = await newKey('dossier.pem'), store = path('dossier.db');
  for (const form of ['untp-di', 'en18223-di']) {
    const file = await passport(`dossier-${form}.json`);
    const own = JSON.parse(await issue(file, key, form, '--store', store));
    const text = await made('passport', 'export', '--quiet', '--store', store, '--key', key.file, '--challenge', 'c-1', '--domain',
      'shop.example', own.credentialSubject.characteristics?.touchstone.id ?? own.credentialSubject.id);
    const taken = await verifyPresentation(JSON.parse(text), 'c-1', 'shop.example');
    assert.ok(taken.verified, JSON.stringify(taken));
    assert.equal((await verifyPresentation(JSON.parse(text), 'c-2', 'shop.example')).verified, false);
    assert.equal((await verifyPresentation(JSON.parse(text), 'c-1', 'other.example')).verified, false);
    const other = JSON.parse(text);
    other.verifiableCredential[0].name += '!';
    assert.equal((await verifyPresentation(other, 'c-1', 'shop.example')).verified, false);
  }
}

export default {
  'Ed25519, every byte': () => everyByte('untp-di', 'Ed25519', 'eddsa-jcs-2022', [0x01, 0x20, 0x80]),
  'P-256, every byte': () => everyByte('untp-di', 'P-256', 'ecdsa-jcs-2019'),
  'P-384, every byte': () => everyByte('untp-di', 'P-384', 'ecdsa-jcs-2019'),
  'EN 18223, Ed25519, every byte': () => everyByte('en18223-di', 'Ed25519', 'eddsa-jcs-2022'),
  'dossiers, signed by the holder': dossier,
};
