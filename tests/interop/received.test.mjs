// What others sign is taken by the program, and refused once it was tampered with.
import assert from 'node:assert/strict';
import * as vc from '@digitalbazaar/vc';
import {CompactSign, exportJWK, generateKeyPair} from 'jose';
import canonicalize from 'canonicalize';
import * as nasty from './nasty.mjs';
import {context, copyOf, documentLoader, documents, multikeys, report, sign, signed, takenOf, theirKey, verifyCredential, why,
  write} from './lib.mjs';

const subject = {id: 'https://id.example.com/01/09521234543213/21/7Q2MX9HDKCW4', type: ['Product'], name: 'Kettle', idGranularity: 'item',
  idScheme: {type: ['IdentifierScheme'], id: 'https://id.gs1.org', name: 'GS1'},
  productCategory: [{code: '44816', name: 'Kettles', schemeId: 'https://example.com/cpc', schemeName: 'UN CPC'}],
  producedAtFacility: {type: ['Facility'], id: 'https://maker.example/f/1', name: 'Works'},
  countryOfProduction: {countryCode: 'DE', countryName: 'Germany'}, materialProvenance: [], performanceClaim: []};
const least = did => ({'@context': [context], type: ['VerifiableCredential'], issuer: did, credentialSubject: {id: 'urn:x:1', 'x': 1}});
const product = (did, more = {}) => ({'@context': [context, 'https://vocabulary.uncefact.org/untp/0.7.0/context/'],
  id: 'https://maker.example/c/1', type: ['DigitalProductPassport', 'VerifiableCredential'],
  issuer: {id: did, type: ['CredentialIssuer'], name: 'Maker'}, name: 'Kettle', validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: {...subject, ...more}});

const taken = async (text, ...options) => {
  const r = await report(text, ...options);
  assert.ok(signed(r), `${why(r)}\n${typeof text === 'string' ? text : JSON.stringify(text)}`);
  return r;
};
const refused = async (text, what, ...options) => assert.ok(!signed(await report(text, ...options)), `taken: ${what}`);

// A credential changed in ways that a change of one byte does not reach.
const tamperings = {
  'a member more': c => { c.credentialSubject.more = 1; },
  'a member less': c => { delete c.credentialSubject.id; },
  'another issuer': (c, other) => { typeof c.issuer === 'string' ? c.issuer = other.did : c.issuer.id = other.did; },
  'another context': c => { c['@context'][0] = 'https://example.com/other'; },
  'a context before': c => { c['@context'].unshift('https://example.com/more'); },
  'a context more, in the proof, too': c => { for (const x of [c, c.proof]) x['@context'].push('https://example.com/more'); },
  'the key of another': (c, other) => { c.proof.verificationMethod = other.id; },
  'another time': c => { c.proof.created = '2026-01-02T00:00:00Z'; },
  'another purpose': c => { c.proof.proofPurpose = 'authentication'; },
  'a member of the proof more': c => { c.proof.nonce = 'x'; },
  'no context in the proof': c => { delete c.proof['@context']; },
  'no proof': c => { delete c.proof; },
  'an empty set of proofs': c => { c.proof = []; },
  'the proof twice, one of them wrong': c => { c.proof = [c.proof, {...c.proof, created: '2026-01-02T00:00:00Z'}]; },
};

async function credentials(kind) {
  const key = await theirKey(kind), other = await theirKey(kind);
  for (const unsigned of [least(key.did), product(key.did)]) {
    const credential = await sign(unsigned, key);
    assert.ok((await verifyCredential(copyOf(credential))).verified, 'they take their own');
    await taken(credential);
    await taken(JSON.stringify(credential, null, 4));
    for (const [what, tamper] of Object.entries(tamperings)) {
      const copy = copyOf(credential);
      tamper(copy, other);
      await refused(copy, what);
    }
    // Contexts that follow those of the proof are not covered by it (vc-di-eddsa section 3.3.2): neither of us minds them.
    const longer = copyOf(credential);
    longer['@context'].push('https://example.com/more');
    assert.ok((await verifyCredential(copyOf(longer))).verified);
    await taken(longer);
  }
  return `${Object.keys(tamperings).length} ways of tampering`;
}

async function hard() {
  const key = await theirKey(), all = [];
  for (let i = 0; i < 200; i++) {
    const unsigned = product(key.did, {characteristics: nasty.object(4, 12), n: Array.from({length: 25}, nasty.double)});
    unsigned.id = `urn:x:${i}`;
    all.push(await sign(unsigned, key));
  }
  for (const credential of all.slice(0, 60)) {
    const text = nasty.spell(credential);
    assert.equal(canonicalize(JSON.parse(text)), canonicalize(credential), 'the spelling says the same');
    await taken(text);
  }
  assert.deepEqual((await takenOf(all)).sort(), all.map(c => c.id).sort());
  const changed = copyOf(all);
  for (const c of changed) { // to the next number
    const v = c.credentialSubject.n, k = nasty.random(v.length), bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, v[k]);
    bytes.setBigUint64(0, bytes.getBigUint64(0) + (v[k] === Number.MAX_VALUE ? -1n : 1n));
    v[k] = v[k] === 0 ? 5e-324 : bytes.getFloat64(0);
  }
  assert.deepEqual(await takenOf(changed), [], 'none with a number that is another in its last bit');
  return `${all.length} credentials`;
}

// What the data model allows and few make use of.
async function lawful() {
  const key = await theirKey(), d = key.did, c = least(d);
  const forms = [
    {...c, type: 'VerifiableCredential', issuer: {id: d}, credentialSubject: [{a: 1}, {b: [[], [[]], {}]}]},
    {...c, '@context': [context, {'@vocab': 'https://example.com/'}, 'https://example.com/c']},
    {...c, validFrom: '2026-01-01T00:00:00.5+14:00', validUntil: '9999-12-31T23:59:59Z'},
    {...c, name: [{'@value': '水壶', '@language': 'zh-Hans'}, {'@value': 'إبريق', '@language': 'ar', '@direction': 'rtl'}]},
    {...c, credentialSubject: {id: 'urn:x:1', deep: JSON.parse('['.repeat(50) + ']'.repeat(50))}},
  ];
  for (const form of forms) assert.equal((await taken(await sign(form, key))).schema.result, 'verified');
  for (const date of [null, '2025-01-01T00:00:00Z']) {
    key.suite.date = date;
    await taken(await sign(c, key));
  }
  const credential = await sign(c, key);
  for (const p of [{verifiableCredential: credential, holder: d}, {verifiableCredential: [credential], holder: {id: d}}, {holder: d}]) {
    const presentation = {'@context': [context], type: 'VerifiablePresentation', ...p};
    await taken(copyOf(await vc.signPresentation({presentation, suite: key.suite, documentLoader, challenge: 'c-1'})), '--challenge', 'c-1');
  }
  return `${forms.length + 5} forms`;
}

// A did:web with an Edwards key and one on P-256, and a credential with a proof of each.
async function sets() {
  const did = 'did:web:issuer.example', keys = [await theirKey('Ed25519', did), await theirKey('P-256', did), await theirKey('P-384', did)];
  const method = k => ({'@context': 'https://w3id.org/security/multikey/v1', id: k.id, type: 'Multikey', controller: did,
    publicKeyMultibase: k.publicKeyMultibase});
  const document = {'@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id: did,
    verificationMethod: keys.map(method), assertionMethod: keys.map(k => k.id), authentication: [keys[0].id]};
  documents.set(did, document);
  for (const k of keys) documents.set(k.id, method(k));
  const withDid = ['--with', write('did.json', document)];
  let credential = product(did);
  for (const k of keys) credential = await sign(credential, k);
  assert.equal(credential.proof.length, 3);
  assert.ok((await verifyCredential(copyOf(credential))).results.every(r => r.verified));
  const r = await taken(credential, withDid);
  for (const s of ['eddsa-jcs-2022', 'ecdsa-jcs-2019']) assert.ok(r.secured_by.includes(s), r.secured_by);
  for (let i = 0; i < 3; i++) {
    const copy = copyOf(credential);
    copy.proof[i].proofValue = credential.proof[(i + 1) % 3].proofValue;
    await refused(copy, `a set whose proof ${i} is wrong`, withDid);
  }
  await refused(credential, 'a set whose document is not at hand');
  const without = copyOf(document);
  without.assertionMethod.pop();
  await refused(credential, 'a key that is not for assertions', '--with', write('did-2.json', without));
}

// ---- tokens ----

async function tokenKey(alg, method) {
  const {privateKey, publicKey} = await generateKeyPair(alg, {crv: 'Ed25519', extractable: true});
  const jwk = await exportJWK(publicKey);
  if (method === 'jwk') {
    const did = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
    return {privateKey, did, kid: `${did}#0`};
  }
  const {publicKeyMultibase} = await multikeys[alg].fromJwk({jwk}), did = `did:key:${publicKeyMultibase}`;
  return {privateKey, did, kid: `${did}#${publicKeyMultibase}`};
}
const token = (payload, key, alg, header = {}) =>
  new CompactSign(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)))
    .setProtectedHeader({alg, typ: 'vc+jwt', cty: 'vc', kid: key.kid, ...header}).sign(key.privateKey);

async function tokens(alg) {
  for (const method of ['key', 'jwk']) {
    const key = await tokenKey(alg, method), other = await tokenKey(alg, method);
    await taken(await token(least(key.did), key, alg));
    await taken(await token(product(key.did), key, alg, {typ: 'application/vc+jwt', iss: key.did}));
    await taken(await token(nasty.spell(product(key.did, {characteristics: nasty.object()})), key, alg));
    await taken(await token({...product(key.did), iss: key.did, jti: 'https://maker.example/c/1'}, key, alg));
    await refused(await token(product(key.did), other, alg), 'signed by another');
    await refused(await token(product(key.did), {...other, kid: key.kid}, alg), 'signed by another in its name');
    await refused(await token(product(key.did), key, alg, {typ: 'vp+jwt'}), 'another typ');
    await refused(await token({...product(key.did), iss: other.did}, key, alg), 'another iss');
    await refused(await token(product(key.did), key, alg, {iss: other.did}), 'another iss in the header');
    await refused(await token({...product(key.did), jti: 'urn:x:2'}, key, alg), 'another jti');
    await refused(await token({vc: product(key.did)}, key, alg), 'VCDM 1.1');
  }
  return '8 taken, 14 refused';
}

// ---- presentations ----

const asked = (challenge, domain) => ['--challenge', challenge, '--domain', domain];

async function presentations() {
  const maker = await theirKey(), holder = await theirKey('P-256');
  const verifiableCredential = [await sign(product(maker.did), maker), await sign(least(maker.did), maker)];
  const unsigned = vc.createPresentation({verifiableCredential, id: 'urn:uuid:7b2f', holder: holder.did});
  const present = more =>
    vc.signPresentation({presentation: copyOf(unsigned), suite: holder.suite, documentLoader, challenge: 'c-1', ...more}).then(copyOf);
  const presentation = await present({domain: 'shop.example'});
  const r = await taken(presentation, asked('c-1', 'shop.example'));
  assert.equal(r.kind, 'dossier');
  assert.equal(r.credentials.filter(signed).length, 3, 'the two and the presentation itself');
  await taken(presentation);
  await refused(presentation, 'another challenge', asked('c-2', 'shop.example'));
  await refused(presentation, 'another domain', asked('c-1', 'other.example'));
  await refused(unsigned, 'without a proof', asked('c-1', 'shop.example'));
  const bare = await present({});
  await taken(bare, '--challenge', 'c-1');
  await refused(bare, 'a proof without a domain', asked('c-1', 'shop.example'));
  const changes = {
    'a credential less': p => { p.verifiableCredential.pop(); },
    'a changed credential': p => { p.verifiableCredential[0].name = 'Pan'; },
    'another holder': p => { p.holder = maker.did; },
    'no holder': p => { delete p.holder; },
    'another challenge in the proof': p => { p.proof.challenge = 'c-2'; },
    'another purpose': p => { p.proof.proofPurpose = 'assertionMethod'; },
  };
  for (const [what, change] of Object.entries(changes)) {
    const copy = copyOf(presentation);
    change(copy);
    const {challenge} = copy.proof;
    await refused(copy, what, asked(challenge, 'shop.example'));
  }
  const forged = await present({presentation: {...unsigned, holder: maker.did}, domain: 'shop.example'});
  await refused(forged, 'in the name of another holder', asked('c-1', 'shop.example'));
}

async function presentedTokens() {
  const maker = await tokenKey('ES256', 'key'), holder = await tokenKey('EdDSA', 'jwk');
  const inner = await token(product(maker.did), maker, 'ES256');
  const payload = {'@context': [context], type: ['VerifiablePresentation'], holder: holder.did, nonce: 'c-1', aud: 'shop.example',
    verifiableCredential: [{'@context': context, type: 'EnvelopedVerifiableCredential', id: `data:application/vc+jwt,${inner}`}]};
  const header = {typ: 'vp+jwt', cty: 'vp'}, text = await token(payload, holder, 'EdDSA', header);
  await taken(text, asked('c-1', 'shop.example'));
  await taken(await token({...payload, aud: ['a.example', 'shop.example']}, holder, 'EdDSA', header), asked('c-1', 'shop.example'));
  await refused(text, 'another nonce', asked('c-2', 'shop.example'));
  await refused(text, 'another audience', asked('c-1', 'other.example'));
  await refused(await token(payload, {...maker, kid: maker.kid}, 'ES256', header), 'by another than the holder', asked('c-1', 'shop.example'));
  const [a, b, c] = inner.split('.'), swapped = payload.verifiableCredential[0];
  const bad = {...payload, verifiableCredential: [{...swapped, id: `data:application/vc+jwt,${a}.${b}.${c.slice(0, 10)}A${c.slice(11)}`}]};
  assert.ok(!(await report(await token(bad, holder, 'EdDSA', header))).credentials.slice(0, 1).some(signed), 'a broken token inside');
}

export default {
  'eddsa-jcs-2022': () => credentials('Ed25519'),
  'ecdsa-jcs-2019, P-256': () => credentials('P-256'),
  'ecdsa-jcs-2019, P-384': () => credentials('P-384'),
  'numbers and texts that are hard to canonicalise': hard,
  'lawful and rare': lawful,
  'sets of proofs by a did:web': sets,
  'tokens, EdDSA': () => tokens('EdDSA'),
  'tokens, ES256': () => tokens('ES256'),
  'tokens, ES384': () => tokens('ES384'),
  'presentations': presentations,
  'presentations as tokens': presentedTokens,
};
