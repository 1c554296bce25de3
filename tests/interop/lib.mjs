// What the checks share: the program under test, keys, and the others' verifiers with everything they need at hand.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ecdsa from '@digitalbazaar/ecdsa-multikey';
import * as EcdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as Ed25519 from '@digitalbazaar/ed25519-multikey';
import * as EddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as jose from 'jose';

export const program = resolve(process.argv[2] ?? '');
export const folder = mkdtempSync(join(tmpdir(), 'touchstone-interop-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
export const path = name => join(folder, name);
export const write = (name, text) => (writeFileSync(path(name), typeof text === 'object' ? JSON.stringify(text) : text), path(name));
export const read = name => readFileSync(path(name));

// ---- the program ----

export const touchstone = (args, input) => new Promise((done, fail) => {
  const child = execFile(program, args, {maxBuffer: 1 << 28}, (error, out, err) =>
    error && typeof error.code !== 'number' ? fail(error) : done({status: error ? error.code : 0, out, err}));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
});

export async function made(...args) {
  const {status, out, err} = await touchstone(args.flat());
  assert.equal(status, 0, `touchstone ${args.flat().join(' ')}\n${err}`);
  return out.trimEnd();
}

// A key of the program: its file and DID.
export async function newKey(name, kind = 'Ed25519') {
  const file = path(name), did = JSON.parse(await made('passport', 'key', '--new', '--kind', kind, file)).did_key;
  return {file, did};
}

// What `passport verify` says, or null where it could not begin.
export async function report(input, ...options) {
  const {out} = await touchstone(['passport', 'verify', '--offline', '--quiet', '--format', 'json', ...options.flat(), '-'],
    typeof input === 'string' || Buffer.isBuffer(input) ? input : JSON.stringify(input));
  return out ? JSON.parse(out) : null;
}
export const signed = r => r !== null && r.signature.result === 'verified' && r.issuer.result === 'verified';
export const why = r => r && JSON.stringify({signature: r.signature, issuer: r.issuer});

// Which of the credentials (objects, or tokens) the program takes for signed: their ids. They travel in unsigned presentations.
export async function takenOf(credentials) {
  const bundles = [];
  for (let i = 0; i < credentials.length; i += 250) bundles.push(credentials.slice(i, i + 250));
  const taken = await parallel(bundles, async bundle => {
    const r = await report(presentationOf(bundle));
    assert.equal(r.credentials.length, new Set(bundle.map(x => JSON.stringify(x))).size, 'each is in the report');
    return r.credentials.filter(signed).map(c => c.id);
  });
  return taken.flat();
}
export const context = 'https://www.w3.org/ns/credentials/v2';
export const envelope = token =>
  ({'@context': context, type: 'EnvelopedVerifiableCredential', id: `data:application/vc+jwt,${token}`});
export const presentationOf = credentials => ({'@context': [context], type: ['VerifiablePresentation'],
  verifiableCredential: credentials.map(c => typeof c === 'string' ? envelope(c) : c)});

export async function parallel(list, each) {
  const results = [];
  let next = 0;
  const worker = async () => { for (let i; (i = next++) < list.length;) results[i] = await each(list[i], i); };
  await Promise.all(Array.from({length: Math.max(2, cpus().length)}, worker));
  return results;
}

// ---- a passport ----

// What UNTP wants of a passport; `elements` are public.
export async function passport(name, elements = {}) {
  const file = path(name);
  await made('passport', 'new', '--gtin', '9521234543213', '--name', 'Wasserkocher „Kette“ 1,7 l 水壶', '--operator',
    'did:web:maker.example', '--operator-name', 'Müller & Söhne', '--out', file);
  const d = JSON.parse(readFileSync(file));
  d.product.productCategory = [{code: '44816', name: 'Kettles', schemeId: 'https://example.com/cpc', schemeName: 'UN CPC'}];
  d.product.countryOfProduction = {countryCode: 'DE', countryName: 'Germany'};
  d.facility = {id: 'https://maker.example/f/1', name: 'Works 1'};
  d.elements = {identification: {model: 'K 17'}, manufacturer: {name: 'Müller', postalAddress: 'Weg 1'}, ...elements};
  d.classes = Object.fromEntries(Object.keys(elements).map(id => [id, 'public']));
  if (!Object.keys(elements).length) delete d.classes;
  writeFileSync(file, JSON.stringify(d));
  return file;
}
export const issue = (file, key, form, ...more) => made('passport', 'issue', '--quiet', '--key', key.file, '--form', form, more.flat(), file);

// ---- the others ----

// What the others may load, by address; nothing comes from elsewhere.
export const documents = new Map();

function didKey(url) {
  const [did, fragment] = url.split('#'), multibase = did.slice('did:key:'.length);
  if (fragment !== undefined && fragment !== multibase) throw new Error(`not in the document: ${url}`);
  const id = `${did}#${multibase}`;
  const method = {'@context': 'https://w3id.org/security/multikey/v1', id, type: 'Multikey', controller: did, publicKeyMultibase: multibase};
  return fragment ? method
    : {'@context': ['https://www.w3.org/ns/did/v1'], id: did, verificationMethod: [method], assertionMethod: [id], authentication: [id]};
}
export async function documentLoader(url) {
  const document = url.startsWith('did:key:') ? didKey(url) : documents.get(url);
  if (!document) throw new Error(`nothing is fetched: ${url}`);
  return {documentUrl: url, document: structuredClone(document)};
}

const suite = [new DataIntegrityProof({cryptosuite: EddsaJcs.createVerifyCryptosuite()}),
  new DataIntegrityProof({cryptosuite: EcdsaJcs.createVerifyCryptosuite()})];
export const verifyCredential = credential => vc.verifyCredential({credential, suite, documentLoader, checkStatus});
export const verifyPresentation = (presentation, challenge, domain) =>
  vc.verify({presentation, challenge, domain, suite, documentLoader, checkStatus});

// A key of theirs with its did:key.
export async function theirKey(kind = 'Ed25519', did) {
  const key = kind === 'Ed25519' ? await Ed25519.generate() : await Ecdsa.generate({curve: kind});
  key.did = key.controller = did ?? `did:key:${key.publicKeyMultibase}`;
  key.id = `${key.did}#${key.publicKeyMultibase}`;
  key.suite = new DataIntegrityProof({signer: key.signer(),
    cryptosuite: kind === 'Ed25519' ? EddsaJcs.createSignCryptosuite() : EcdsaJcs.createSignCryptosuite()});
  return key;
}
export const copyOf = value => JSON.parse(JSON.stringify(value)); // in which no two members are one object
export const sign = async (credential, key) => copyOf(await vc.issue({credential: copyOf(credential), suite: key.suite, documentLoader}));

// A token under the key that its kid names.
export const multikeys = {EdDSA: Ed25519, ES256: Ecdsa, ES384: Ecdsa};
export async function verifyToken(token, alg) {
  const find = async ({kid}) => {
    const {document} = await documentLoader(kid);
    const keyPair = await multikeys[alg].from(document);
    return jose.importJWK(await multikeys[alg].toJwk({keyPair}), alg);
  };
  return jose.jwtVerify(token, find, {algorithms: [alg], typ: 'vc+jwt'});
}
