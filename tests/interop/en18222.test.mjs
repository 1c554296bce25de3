// The EN 18222 interface against a contract written by others (OpenEPCIS's OpenAPI document): every operation is asked with good and
// bad requests made of its parameters and schemas, and every answer is held against what the contract says of its status.
// Skipped where the contract is not at hand (TOUCHSTONE_DATA; docs/data.md).
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as yaml from 'js-yaml';
import {withServer} from './server.mjs';

const file = join(process.env.TOUCHSTONE_DATA ?? join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data'),
  'passport/en18222/openepcis-en18222-dpp-api.openapi.yaml');
const methods = ['get', 'post', 'patch', 'delete'];
const operator = 'did:web:maker.example', product = serial => `https://id.gs1.org/01/09521234543213/21/${serial}`;

// ---- the contract ----

const at = (root, ref) => ref.split('/').slice(1).reduce((v, k) => v[k.replaceAll('~1', '/')], root);

// A discriminator says by its property which of the alternatives a value is, where oneOf alone would take several: the contract's
// data elements differ in members that none of them requires. A compressed passport and a full one overlap in the same way.
function told(schema) {
  if (!schema || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(told);
  const {oneOf, discriminator, ...rest} = schema, other = Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, told(v)]));
  if (!oneOf) return other;
  const {propertyName: name, mapping = {}} = discriminator ?? {};
  return {...other, anyOf: told(oneOf), allOf: [...(other.allOf ?? []), ...Object.entries(mapping).map(([value, ref]) =>
    ({if: {required: [name], properties: {[name]: {const: value}}}, then: {$ref: ref}}))]};
}

function contract() {
  const document = yaml.load(readFileSync(file, 'utf8')), ajv = new Ajv({strict: false, allErrors: true});
  addFormats(ajv);
  ajv.addSchema({$id: 'contract', components: {schemas: told(document.components.schemas)}});
  const resolved = v => v.$ref ? at(document, v.$ref) : v;
  const operations = Object.entries(document.paths).flatMap(([path, item]) => methods.filter(m => item[m]).map(m => ({
    ...item[m], method: m.toUpperCase(), path, parameters: (item[m].parameters ?? []).map(resolved),
    responses: Object.fromEntries(Object.entries(item[m].responses).map(([status, r]) => [status, resolved(r)])),
  })));
  const validators = new Map();
  const check = (schema, value, what) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"contract#/');
    if (!validators.has(text)) validators.set(text, ajv.compile(JSON.parse(text)));
    const valid = validators.get(text);
    assert.ok(valid(value), `${what}: ${ajv.errorsText(valid.errors)}\n${JSON.stringify(value)}`);
  };
  return {operations, check, resolve: schema => schema?.$ref ? at(document, schema.$ref) : schema};
}

// What the contract leaves to HTTP itself: method, media type, precondition, size.
const fromHttp = [405, 412, 413, 415];

// ---- one world to ask in ----

const passport = (serial, more = {}) => ({digitalProductPassportId: `https://maker.example/p/${serial}?v=1`,
  uniqueProductIdentifier: product(serial), granularity: 'item', dppSchemaVersion: 'EN 18223:2026', dppStatus: 'active',
  lastUpdated: '2026-06-08T15:30:00Z', economicOperatorId: operator, identification: {model: 'K 17'}, manufacturer: {name: 'M'},
  touchstone: {product: {name: 'Kettle'}, packs: [{id: 'generic'}]}, ...more});

async function world(server) {
  const c = contract(), counts = {answers: 0, statuses: new Set()};
  const tokens = {good: await server.token(operator), reads: await server.token(operator, ['read']), other: await server.token('did:web:x.example')};
  // Asks, and holds the answer against the contract; `want` is one status or several.
  const ask = async (op, target, want, request = {}) => {
    const answer = await server.ask(op.method, target, request), what = `${op.operationId} ${target} ${JSON.stringify(request)} -> ${answer.status}`;
    assert.ok([].concat(want).includes(answer.status), `${what}, not ${want}: ${answer.text}`);
    const stated = op.responses[answer.status];
    assert.ok(stated || fromHttp.includes(answer.status), `${what}: the contract has no such status for it`);
    const schema = stated?.content?.['application/json']?.schema ?? (answer.status >= 400 && {$ref: '#/components/schemas/Result'});
    if (schema) {
      assert.equal(answer.media, 'application/json', what);
      c.check(schema, answer.json, what);
    } else assert.equal(answer.text, '', what);
    if (answer.status >= 400) assert.ok(answer.json.message[0].text.length > 10, what);
    for (const [name, header] of Object.entries(stated?.headers ?? {}))
      assert.ok(header.schema.format !== 'uri' || URL.canParse(answer.headers.get(name) ?? ''), `${what}: ${name}`);
    counts.answers++;
    counts.statuses.add(answer.status);
    return answer;
  };
  const create = async serial => {
    const answer = await server.ask('POST', '/v1/dpps', {body: passport(serial), bearer: tokens.good});
    assert.equal(answer.status, 201, answer.text);
    return passport(serial).digitalProductPassportId;
  };
  return {...c, server, tokens, ask, create, counts};
}

// The address of an operation: `values` for its path, the rest is the query.
const fill = (op, values, query = {}) => op.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name])) +
  (Object.keys(query).length ? `?${new URLSearchParams(query)}` : '');
const writes = op => ['CreateDPP', 'UpdateDPPById', 'DeleteDPPById', 'RegisterProductDPP', 'UpdateDataElement'].some(n => op.summary.startsWith(n));

// What a good request of each operation has for path, query and body. Each call makes it for passports of its own.
let serials = 0;
async function goodRequest(w, op) {
  const serial = `S${++serials}`, id = op.path === '/v1/dpps' ? '' : await w.create(serial);
  const values = {dppId: id, productId: product(serial), elementIdPath: '$.identification.model'};
  const query = op.parameters.some(p => p.name === 'date') ? {date: '2999-01-01T00:00:00Z'} : {};
  const bodies = {
    createDPP: passport(serial), readDPPIdsByProductIds: {productIds: [product(serial)]},
    updateDPPById: (await w.server.ask('GET', `/v1/dpps/${encodeURIComponent(id)}`, {bearer: w.tokens.good})).json,
    updateDataElement: {elementId: 'model', value: 'K 18'},
    registerProductDPP: {uniqueProductIdentifier: product(serial), digitalProductPassportId: id,
      uniqueEconomicOperatorIdentifier: operator, dppApiEndpoint: 'https://maker.example'},
  };
  const body = bodies[op.operationId];
  if (op.requestBody) w.check(op.requestBody.content['application/json'].schema, body, `${op.operationId}: our own request`);
  return {values, query, request: {...(body && {body}), ...(writes(op) && {bearer: w.tokens.good})}};
}
const success = op => op.operationId === 'registerProductDPP' ? 501 : Object.keys(op.responses).map(Number).filter(s => s < 300);

// ---- the checks ----

const atHand = check => async () => existsSync(file) ? check() : `skipped: ${file} is not at hand`;
const inWorld = check => atHand(() => withServer('en18222', {}, async server => {
  const w = await world(server);
  await check(w);
  return `${w.operations.length} operations, ${w.counts.answers} answers with ${[...w.counts.statuses].sort().join(', ')}`;
}));

// Every value that a parameter may have; with and without those that are optional.
async function good(w) {
  assert.equal(w.operations.length, 10);
  for (const op of w.operations) {
    const variants = [{}];
    for (const p of op.parameters.filter(p => p.in === 'query' && !p.required)) {
      const schema = w.resolve(p.schema), values = schema.enum ?? (schema.type === 'integer' ? [schema.minimum, 7, 100000] : []);
      variants.push(...values.map(v => ({[p.name]: v})));
    }
    for (const variant of variants) {
      const {values, query, request} = await goodRequest(w, op);
      if (op.operationId === 'createDPP' && variant.representation === 'full') delete request.body.touchstone;
      if (variant.representation === 'full' && request.body) request.body = await asFull(w, op, request.body);
      await w.ask(op, fill(op, values, {...query, ...variant}), success(op), request);
    }
    for (const type of Object.keys(op.requestBody?.content ?? {}).slice(1)) {
      const {values, query, request} = await goodRequest(w, op);
      await w.ask(op, fill(op, values, query), success(op), {...request, type});
    }
  }
}

// The same body in the full form: an element of the passport as the server itself writes it.
async function asFull(w, op, body) {
  if (op.operationId === 'updateDataElement') return {elementId: 'model', objectType: 'SingleValuedDataElement', valueDataType: 'xsd:string', value: 'K 19'};
  const {identification, manufacturer, touchstone, ...header} = body;
  return {...header, elements: [{elementId: 'identification', objectType: 'DataElementCollection', elements: [
    {elementId: 'model', objectType: 'SingleValuedDataElement', valueDataType: 'xsd:string', value: identification.model}]},
  ...(op.operationId === 'createDPP' ? [{elementId: 'touchstone', objectType: 'DataElementCollection', elements: [{elementId: 'packs',
    objectType: 'MultiValuedDataElement', value: [[{elementId: 'id', objectType: 'SingleValuedDataElement', value: 'generic'}]]}]}] : [])]};
}

// Parameters outside of what the contract lets them be.
async function badParameters(w) {
  for (const op of w.operations) {
    const {values, query, request} = await goodRequest(w, op);
    for (const p of op.parameters) {
      const schema = w.resolve(p.schema), bad = [];
      if (p.in === 'path') {
        if (p.name === 'dppId') await w.ask(op, fill(op, {...values, dppId: 'urn:none'}, query), 404, request);
        if (p.name === 'productId') await w.ask(op, fill(op, {...values, productId: product('NONE')}, query), 404, request);
        if (p.name === 'elementIdPath') {
          for (const none of ['$.none', '$[?@.x == 1]', '$.identification[3]'])
            await w.ask(op, fill(op, {...values, elementIdPath: none}, query), 404, request);
          for (const wrong of ['model', '$..*', '$', '$.', '$[', '$[?', '$[?@ ==]', "$['a", '$[01]'])
            await w.ask(op, fill(op, {...values, elementIdPath: wrong}, query), 400, request);
        }
        continue;
      }
      if (p.required) {
        const {[p.name]: gone, ...rest} = query;
        await w.ask(op, fill(op, values, rest), 400, request);
      }
      if (schema.enum) bad.push('', 'x', schema.enum[0].toUpperCase());
      if (schema.type === 'integer') bad.push('', 'x', '1.5', '-1', String(schema.minimum - 1));
      if (schema.format === 'date-time') bad.push('', 'x', '2026-06-08', '2026-06-08T15:30:00', '2026-06-31T15:30:00Z', '1749396600');
      if (schema.minLength) bad.push('', '%', 'bm90aGluZw');
      for (const value of bad) await w.ask(op, fill(op, values, {...query, [p.name]: value}), 400, request);
    }
  }
}

const wrong = [1, true, null, [], {}, ['x'], {x: 1}, 'x y'];
// The body without a required member, and with each member of another kind: [body, member, its value].
function* mutations(w, op, body) {
  const schema = w.resolve(op.requestBody.content['application/json'].schema), parts = [schema, ...(schema.oneOf ?? [])].map(w.resolve);
  const all = parts.flatMap(s => [s, ...(s.allOf ?? [])]).map(w.resolve), required = new Set(all.flatMap(s => s.required ?? []));
  for (const name of required) {
    const {[name]: gone, ...rest} = body;
    yield [rest, name, undefined];
  }
  for (const [name, property] of all.flatMap(s => Object.entries(s.properties ?? {}))) {
    const kind = w.resolve(property.allOf?.[0] ?? property).type;
    for (const value of name in body ? wrong : [])
      if (kind !== (Array.isArray(value) ? 'array' : typeof value) || value === 'x y') yield [{...body, [name]: value}, name, value];
  }
}

async function badBodies(w) {
  for (const op of w.operations.filter(o => o.requestBody)) {
    const {values, query, request} = await goodRequest(w, op), target = fill(op, values, query);
    for (const body of ['', '{', '[]', '"x"', '7', 'null', '{"a":1,"a":2}', '{"a":"\\ud800"}', `${'['.repeat(5000)}`])
      await w.ask(op, target, 400, {...request, body});
    for (const type of ['text/plain', 'application/xml', 'application/jso']) await w.ask(op, target, 415, {...request, type});
    if (op.operationId === 'updateDataElement') continue; // its schema says next to nothing of a value
    for (const [body, name, value] of mutations(w, op, request.body)) {
      const partial = op.operationId === 'updateDPPById' && value === undefined; // what a merge patch leaves out stays
      // Which texts mean something is more than the contract says.
      const may = value === 'x y' ? [400, ...[].concat(success(op))] : partial ? 200 : 400;
      const unique = {...body};
      if (op.operationId === 'createDPP' && name !== 'digitalProductPassportId') unique.digitalProductPassportId = `urn:fresh:${++serials}`;
      await w.ask(op, target, may, {...request, body: unique});
    }
  }
}

// Who may not write: nobody without a token, with a wrong one, without the right, for another operator.
async function rights(w) {
  for (const op of w.operations) {
    const {values, query, request} = await goodRequest(w, op), target = fill(op, values, query);
    await w.ask(op, target, 401, {...request, bearer: 'tst_wrong'});
    if (!writes(op)) {
      await w.ask(op, target, 200, {...request, bearer: w.tokens.other});
      continue;
    }
    await w.ask(op, target, 401, {...request, bearer: undefined});
    await w.ask(op, target, 403, {...request, bearer: w.tokens.reads});
    if (op.operationId !== 'registerProductDPP') await w.ask(op, target, 403, {...request, bearer: w.tokens.other});
  }
}

// One passport through its life, by the operations alone.
async function life(w) {
  const by = Object.fromEntries(w.operations.map(o => [o.operationId, o])), bearer = w.tokens.good;
  const id = await w.create('LIFE'), values = {dppId: id, productId: product('LIFE')};
  await w.ask(by.createDPP, '/v1/dpps', 409, {body: passport('LIFE'), bearer});
  const first = await w.ask(by.readDPPById, fill(by.readDPPById, values), 200);
  const patch = {type: 'application/merge-patch+json', bearer, headers: {'If-Match': first.headers.get('etag')}};
  const second = await w.ask(by.updateDPPById, fill(by.updateDPPById, values), 200, {...patch, body: {identification: {model: 'K 99'}}});
  assert.equal(second.json.identification.model, 'K 99');
  await w.ask(by.updateDPPById, fill(by.updateDPPById, values), 412, {...patch, body: {identification: {model: 'K 0'}}});
  const element = fill(by.readDataElement, {...values, elementIdPath: '$.identification.model'});
  assert.deepEqual((await w.ask(by.readDataElement, element, 200)).json, {elementId: 'model', value: 'K 99'});
  await w.ask(by.updateDataElement, element, 200, {bearer, body: {elementId: 'model', value: null}});
  await w.ask(by.readDataElement, element, 404);
  for (const representation of ['compressed', 'full']) { // what is read can be sent back
    const target = fill(by.readDPPById, values, {representation}), before = await w.ask(by.readDPPById, target, 200, {bearer});
    assert.equal((await w.ask(by.updateDPPById, target, 200, {bearer, body: before.json})).text, before.text);
  }
  await w.ask(by.deleteDPPById, fill(by.deleteDPPById, values), [200, 204], {bearer});
  assert.equal((await w.ask(by.readDPPById, fill(by.readDPPById, values), 200)).json.dppStatus, 'archived');
  await w.ask(by.readDPPByProductId, fill(by.readDPPByProductId, values), 404);
  await w.ask(by.updateDPPById, fill(by.updateDPPById, values), 409, {...patch, headers: {}, body: {}});
}

// Every id once, in pages of three, while others come in.
async function pages(w) {
  const op = w.operations.find(o => o.operationId === 'readDPPIdsByProductIds'), ids = [];
  for (let i = 0; i < 20; i++) ids.push(await w.create(`P${i}`));
  const productIds = ids.map((_, i) => product(`P${i}`)), seen = [];
  for (let query = {limit: 3}; ;) {
    const {json} = await w.ask(op, fill(op, {}, query), 200, {body: {productIds}});
    assert.ok(json.dppIds.length <= 3);
    seen.push(...json.dppIds);
    await w.create(`PX${seen.length}`);
    if (!json.nextCursor) break;
    query = {limit: 3, cursor: json.nextCursor};
  }
  assert.deepEqual(seen.toSorted?.() ?? [...seen].sort(), [...ids].sort());
}

async function withoutKey(server) {
  const bearer = await server.token(operator), answer = await server.ask('POST', '/v1/dpps', {body: passport('NOKEY'), bearer});
  assert.equal(answer.status, 501);
  contract().check({$ref: '#/components/schemas/Result'}, answer.json, 'without a key');
  assert.equal((await server.ask('GET', `/v1/dpps/${encodeURIComponent(passport('NOKEY').digitalProductPassportId)}`)).status, 404);
}

export default {
  'good requests': inWorld(good),
  'bad parameters': inWorld(badParameters),
  'bad bodies': inWorld(badBodies),
  'rights': inWorld(rights),
  'a life': inWorld(life),
  'pages': inWorld(pages),
  'a server without a key': atHand(() => withServer('en18222-keyless', {signs: false}, withoutKey)),
};
