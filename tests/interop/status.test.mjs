// Status lists: the program's read by Digital Bazaar's library and by zlib, and that library's read by the program.
import assert from 'node:assert/strict';
import {gunzipSync} from 'node:zlib';
import {createCredential, createList, decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import {context, documents, issue, made, newKey, parallel, passport, path, report, sign, theirKey, verifyCredential, verifyToken,
  write} from './lib.mjs';

const address = 'https://maker.example/status/1';
const bitOf = (bytes, i) => (bytes[i >> 3] >> (7 - (i & 7))) & 1;
const statusOf = async (credential, ...more) => (await report(credential, ...more)).status.result;

// The list as the others have it, from the program's token.
async function listOf(token) {
  const {payload} = await verifyToken(token, 'EdDSA'), {encodedList, statusPurpose, type} = payload.credentialSubject;
  assert.deepEqual([payload.id, statusPurpose, type], [address, 'revocation', 'BitstringStatusList']);
  assert.equal(encodedList[0], 'u');
  const bytes = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url')), list = await decodeList({encodedList});
  assert.equal(list.length, bytes.length * 8);
  assert.ok(list.length >= 131072);
  for (let i = 0; i < list.length; i++) assert.equal(list.getStatus(i), bitOf(bytes, i) === 1, `entry ${i}`);
  return list;
}

async function issued() {
  const key = await newKey('status.pem'), store = path('status.db'), credentials = [], revoked = new Set();
  for (let i = 0; i < 24; i++) {
    const file = await passport(`status-${i}.json`);
    credentials.push(JSON.parse(await issue(file, key, 'untp-di', '--store', store, '--status-list', address)));
  }
  const index = c => Number(c.credentialStatus.statusListIndex);
  assert.equal(new Set(credentials.map(index)).size, 24, 'each has an entry of its own');
  assert.notDeepEqual(credentials.map(index), credentials.map(index).sort((a, b) => a - b), 'their order tells nothing');
  let token;
  for (let i = 0; i < 24; i += 3) {
    token = await made('passport', 'revoke', '--quiet', '--store', store, '--key', key.file, credentials[i].id);
    revoked.add(index(credentials[i]));
  }
  const list = await listOf(token), set = [];
  for (let i = 0; i < list.length; i++) if (list.getStatus(i)) set.push(i);
  assert.deepEqual(set, [...revoked].sort((a, b) => a - b), 'what was revoked, and nothing else');
  const withList = ['--with', write('list.jwt', token)];
  await parallel(credentials, async c =>
    assert.equal(await statusOf(c, withList), revoked.has(index(c)) ? 'failed' : 'verified', c.id));
  assert.equal(await statusOf(credentials[1]), 'not_checked', 'without the list');
  const renewed = await made('passport', 'revoke', '--quiet', '--store', store, '--key', key.file, '--renew', address);
  const again = await listOf(renewed);
  for (const c of credentials) assert.equal(again.getStatus(index(c)), revoked.has(index(c)));
  return `${list.length} entries, ${revoked.size} of ${credentials.length} revoked`;
}

// A credential of theirs with entry `index` in their list, signed by one key.
const entry = (key, index, more = {}) => ({'@context': [context], id: `urn:x:${index}`, type: ['VerifiableCredential'], issuer: key.did,
  credentialSubject: {id: 'urn:x:s'}, credentialStatus: {type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
    statusListIndex: String(index), statusListCredential: address, ...more}});

async function received() {
  const key = await theirKey(), other = await theirKey('P-256'), list = await createList({length: 200000});
  const set = [0, 1, 7, 8, 9, 63, 64, 131071, 131072, 199999], clear = [2, 6, 10, 65, 131070, 199998];
  for (const i of set) list.setStatus(i, true);
  const unsigned = {...await createCredential({id: address, list, statusPurpose: 'revocation'}), issuer: key.did};
  const at = async (name, credential, by) => ['--with', write(name, await sign(credential, by))];
  documents.set(address, await sign(unsigned, key));
  const withList = ['--with', write('theirs.json', documents.get(address))];
  for (const i of [...set, ...clear]) {
    const credential = await sign(entry(key, i), key), taken = await verifyCredential(structuredClone(credential));
    assert.equal(taken.statusResult.results[0].status, set.includes(i), `they say of entry ${i}`);
    assert.equal(await statusOf(credential, withList), set.includes(i) ? 'failed' : 'verified', `we say of entry ${i}`);
  }
  const one = await sign(entry(key, 2), key);
  const open = async (what, list_, credential = one) => assert.equal(await statusOf(credential, list_), 'not_checked', what);
  await open('an entry behind the end', withList, await sign(entry(key, 200000), key));
  await open('an entry for another purpose', withList, await sign(entry(key, 2, {statusPurpose: 'suspension'}), key));
  await open('a list of another issuer', await at('l1.json', {...unsigned, issuer: other.did}, other));
  await open('a list under another address', await at('l2.json', {...unsigned, id: `${address}0`}, key));
  await open('a list that has ended', await at('l3.json', {...unsigned, validUntil: '2026-01-01T00:00:00Z'}, key));
  const forged = structuredClone(documents.get(address));
  forged.credentialSubject.encodedList = await (await createList({length: 200000})).encode();
  await open('a forged list', ['--with', write('l4.json', forged)]);
  const short = {...unsigned, credentialSubject: {...unsigned.credentialSubject, encodedList: await (await createList({length: 800})).encode()}};
  await open('a list that is too short', await at('l5.json', short, key));
  return `${list.length} entries; ${set.length} set, ${clear.length} clear, 7 that cannot be told`;
}

export default {'the program\'s list': issued, 'their list': received};
