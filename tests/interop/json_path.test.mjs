// JSONPath as the server reads it in the addresses of elements, against json-p3 (RFC 9535): random queries on a passport select the
// same value, none, several, or are refused by both.
import assert from 'node:assert/strict';
import * as p3 from 'json-p3';
import {parallel} from './lib.mjs';
import {pick, random, seed} from './nasty.mjs';
import {withServer} from './server.mjs';

const operator = 'did:web:maker.example', id = 'urn:probe';
const names = ['a', 'b', 'c', 'd'];

function value(depth) {
  switch (random(depth ? 8 : 5)) {
    case 0: return pick([0, 1, -1, 2, 10, 1.5, -0.5, 1e3]);
    case 1: return pick(['a', 'b', 'ab', 'abc', '', ' ', 'é', '水壶', '1']);
    case 2: return pick([true, false]);
    case 3: return null;
    case 4: return random(5);
    case 5: case 6: return Array.from({length: random(5)}, () => value(depth - 1));
    default: return Object.fromEntries(Array.from({length: random(5)}, () => [pick([...names, 'e f', 'é', '1', "'"]), value(depth - 1)]));
  }
}

// ---- queries ----

const many = (n, make, joint = '') => Array.from({length: n}, make).join(joint);
const blank = () => pick(['', '', '', ' ', '  ']);
const text = () => pick(["'a'", '"b"', "'e f'", '"é"', "'\\''", '"\\u0061"', "'1'", "''"]);
const integer = () => pick(['0', '1', '-1', '2', '-2', '5', '-6']);
const slice = () => `${pick(['', integer()])}:${blank()}${pick(['', integer()])}${pick(['', `:${pick(['', integer()])}`])}`;
const selector = depth => pick([text, integer, slice, () => '*', ...(depth ? [() => `?${blank()}${logic(depth - 1)}`] : [])])();
const segment = depth => pick([() => `.${pick(names)}`, () => '.*', () => `[${blank()}${many(1 + random(2), () => selector(depth), ' , ')}]`,
  () => `..${pick(names)}`, () => `..[${selector(depth)}]`])();
const segments = depth => many(random(3), () => blank() + segment(depth));
const singular = () => pick(['@', '@', '$.probe']) + many(random(3), () => pick([() => `.${pick(names)}`, () => `[${text()}]`, () => `[${integer()}]`])());
const literal = () => pick(['1', '0', '-0', '1.5', '1e0', '"a"', "'ab'", 'true', 'false', 'null', '2', '01', '1.']);
const query = depth => pick(['@', '@', '$.probe']) + segments(depth);
const pattern = () => pick(["'a.*'", "'.'", "'[a-c]+'", "'a|b'", "'\\\\p{L}+'", "'[^a]'", "'a{1,2}'", "'('", "'(a|b)c?'", "''", "'[a-]'", "'a**'"]);
const call = depth => pick([() => `length(${pick([singular, literal])()})`, () => `count(${query(depth)})`, () => `value(${query(depth)})`,
  () => `match(${singular()},${blank()}${pattern()})`, () => `search(${singular()},${pattern()})`])();
const operand = depth => pick([singular, singular, literal, () => call(depth), () => query(depth)])();
const test = depth => pick([() => query(depth), () => `${operand(depth)} ${pick(['==', '!=', '<', '>', '<=', '>='])} ${operand(depth)}`,
  () => `!${query(depth)}`, () => depth ? `(${logic(depth - 1)})` : query(0), () => `${pick(['', '!'])}${pick(['match', 'search'])}(${singular()},${pattern()})`])();
const logic = depth => many(1 + random(2), () => many(1 + random(2), () => test(depth), ' && '), ' || ');
function randomQuery() {
  const whole = `$.probe${segments(2)}`, i = random(whole.length + 1);
  return random(8) ? whole : pick([whole.slice(0, i) + whole.slice(i + 1), whole.slice(0, i) + pick([...' .[]()\'"!&$@0']) + whole.slice(i)]);
}

// ---- both ----

// json-p3 matches numbers as texts; section 2.4.6 has them match nothing.
const environment = new p3.JSONPathEnvironment();
for (const name of ['match', 'search']) {
  const f = environment.functionRegister.get(name), call = f.call.bind(f);
  f.call = (value, pattern) => typeof value === 'string' && typeof pattern === 'string' && call(value, pattern);
}

// The value that a query selects, 'none', 'several' or 'refused'.
function theirs(path, tree) {
  try {
    const found = new Map(environment.query(path, tree).nodes.map(n => [n.path, n.value]));
    return found.size === 1 ? [...found.values()][0] : found.size ? 'several' : 'none';
  } catch {
    return 'refused';
  }
}
function ours(answer) {
  if (answer.status === 200) return answer.json.value;
  if (answer.status === 404) return 'none';
  const said = answer.json.message[0].text;
  return said.startsWith('the path selects several') ? 'several' : said.startsWith('JSONPath: ') ? 'refused' : said;
}

async function sameAnswers(server) {
  const bearer = await server.token(operator), counts = {};
  seed(20261123);
  const body = {digitalProductPassportId: id, uniqueProductIdentifier: 'https://id.gs1.org/01/09521234543213/21/PROBE', granularity: 'item',
    dppSchemaVersion: 'EN 18223:2026', dppStatus: 'active', lastUpdated: '2026-06-08T15:30:00Z', economicOperatorId: operator,
    probe: Object.fromEntries(names.map(n => [n, value(4)])),
    touchstone: {product: {name: 'Probe'}, packs: [{id: 'generic'}], classes: {probe: 'public'}}};
  assert.equal((await server.ask('POST', '/v1/dpps', {body, bearer})).status, 201);
  const {json: tree} = await server.ask('GET', `/v1/dpps/${encodeURIComponent(id)}`);
  await parallel(Array.from({length: 5000}, randomQuery), async path => {
    const answer = await server.ask('GET', `/v1/dpps/${encodeURIComponent(id)}/elements/${encodeURIComponent(path)}`);
    // json-p3 takes a function's value for a test inside of "!", "&&" and "||"; section 2.4.3 has it refused.
    if (answer.status === 400 && answer.json.message[0].text.includes('neither compared nor a test')) return;
    const one = ours(answer), other = theirs(path, tree);
    // "!" stands once before a test (section 2.3.5.1); json-p3 takes several.
    if (one === 'refused' && /!\s*!/.test(path)) return;
    assert.deepEqual(one, other, path);
    const kind = typeof one === 'string' && ['none', 'several', 'refused'].includes(one) ? one : 'selected';
    counts[kind] = (counts[kind] ?? 0) + 1;
  });
  for (const kind of ['selected', 'none', 'several', 'refused']) assert.ok(counts[kind] > 100, JSON.stringify(counts));
  return JSON.stringify(counts);
}

export default {'5000 random queries': () => withServer('json-path', {}, sameAnswers)};
