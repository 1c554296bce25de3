// What the program issues as vc+jwt: taken by jose, and refused by jose and by the program after a change of any one character.
import assert from 'node:assert/strict';
import {CompactSign, compactVerify, importJWK} from 'jose';
import {issue, made, newKey, passport, path, report, signed, takenOf, verifyToken} from './lib.mjs';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const put = (text, at, c) => text.slice(0, at) + c + text.slice(at + 1);
const signatureOf = token => Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url');

// Each character with one of its six bits turned: one change for each mask.
function changes(token, masks) {
  const all = [];
  for (let i = 0; i < token.length; i++) {
    const n = letters.indexOf(token[i]);
    for (const mask of masks) all.push(put(token, i, n < 0 ? letters[mask] : letters[n ^ mask]));
  }
  return all;
}

async function everyCharacter(form, kind, alg, masks = [1]) {
  const key = await newKey(`${form}-${alg}.pem`, kind), file = await passport(`${form}-${alg}.json`);
  const token = await issue(file, key, form);
  const {payload, protectedHeader} = await verifyToken(token, alg);
  assert.equal(protectedHeader.alg, alg);
  assert.equal(payload.issuer.id, key.did);
  assert.ok(signed(await report(token)), 'the program takes its own');
  for (const other of ['EdDSA', 'ES256', 'ES384', 'HS256'].filter(a => a !== alg))
    await assert.rejects(compactVerify(token, () => assert.fail('it is not asked for a key'), {algorithms: [other]}));

  const all = changes(token, masks);
  let lenient = 0;
  for (const other of all) {
    const taken = await verifyToken(other, alg).then(() => true, () => false);
    // Unused bits of the last character: they say the same, for them.
    if (taken && signatureOf(other).equals(signatureOf(token)) && other.slice(0, -1) === token.slice(0, -1)) lenient++;
    else assert.equal(taken, false, `jose takes ${other}`);
  }
  const last = [...letters].map(c => put(token, token.length - 1, c)).filter(t => t !== token);
  assert.deepEqual(await takenOf([...all, ...last, token]), [payload.id], 'of all the changed ones the program takes none');
  return `${token.length} characters, ${all.length} changes` + (lenient ? ` (jose takes ${lenient} whose unused bits differ)` : '');
}

// Tokens that are well signed and still must not be taken, or whose key is not the one they bring along.
async function confusions() {
  const key = await newKey('confusion.pem', 'P-256'), token = await issue(await passport('confusion.json'), key, 'untp-jose');
  const jwk = JSON.parse(await made('passport', 'key', key.file)).public_jwk;
  const [header, payload, signature] = token.split('.');
  const other = await newKey('other.pem', 'P-256'), foreign = await issue(path('confusion.json'), other, 'untp-jose');
  const encoded = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const fields = JSON.parse(Buffer.from(header, 'base64url'));
  const secret = await importJWK({kty: 'oct', k: Buffer.from(JSON.stringify(jwk)).toString('base64url')}, 'HS256');
  const mac = await new CompactSign(Buffer.from(payload, 'base64url')).setProtectedHeader({...fields, alg: 'HS256'}).sign(secret);
  const bad = {
    none: `${encoded({...fields, alg: 'none'})}.${payload}.`,
    'the public key as a secret': mac,
    'another algorithm': `${encoded({...fields, alg: 'EdDSA'})}.${payload}.${signature}`,
    'the signature of another': `${header}.${payload}.${foreign.split('.')[2]}`,
    'the header of another': `${foreign.split('.')[0]}.${payload}.${signature}`,
    'signature in DER': `${header}.${payload}.${Buffer.concat([Buffer.from([0x30, 0x44, 2, 0x20]), signatureOf(token)]).toString('base64url')}`,
    'white space inside': `${header}. ${payload}.${signature}`,
    'a fourth part': `${token}.`,
  };
  for (const [name, text] of Object.entries(bad)) {
    assert.ok(!signed(await report(text)), `the program takes a token: ${name}`);
    await assert.rejects(verifyToken(text, 'ES256'), undefined, `jose takes a token: ${name}`);
  }
  assert.ok(!signed(await report(`${token}=`)), 'the program takes padding'); // jose does
  return `${Object.keys(bad).length + 1} of them`;
}

export default {
  'EdDSA, every character': () => everyCharacter('untp-jose', 'Ed25519', 'EdDSA', [1, 2, 32]),
  'ES256, every character': () => everyCharacter('untp-jose', 'P-256', 'ES256'),
  'ES384, every character': () => everyCharacter('untp-jose', 'P-384', 'ES384'),
  'EN 18223, EdDSA, every character': () => everyCharacter('en18223-jose', 'Ed25519', 'EdDSA'),
  'confused tokens': confusions,
};
