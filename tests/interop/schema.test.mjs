// UNTP's JSON Schemas as Ajv reads them and as the program does: the same verdict on credentials that break them in one place.
// Skipped where the schemas are not at hand ($TOUCHSTONE_UNTP, or TOUCHSTONE_DATA; docs/data.md).
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {context, parallel, presentationOf, report} from './lib.mjs';

const folder = process.env.TOUCHSTONE_UNTP ??
  join(process.env.TOUCHSTONE_DATA ?? join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data'), 'passport/untp/schema');

// A value that the schema allows, with all of its members.
function sample(schema, root, depth = 0) {
  if (schema.$ref) return sample(schema.$ref.split('/').slice(1).reduce((s, k) => s[k], root), root, depth);
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return sample(either[0], root, depth);
  switch ([].concat(schema.type)[0]) {
    case 'object': return Object.fromEntries(Object.entries(schema.properties ?? {})
      .filter(([k]) => depth < 7 || schema.required?.includes(k)).map(([k, s]) => [k, sample(s, root, depth + 1)]));
    case 'array': {
      const consts = (schema.allOf ?? []).map(s => s.contains?.const).filter(Boolean);
      return consts.length ? consts : schema.default ?? [sample(schema.items ?? {}, root, depth + 1)];
    }
    case 'number': case 'integer': return Math.max(1, schema.minimum ?? 1);
    case 'boolean': return true;
    default: return {uri: 'https://example.com/a', date: '2026-11-23', 'date-time': '2026-11-23T10:00:00Z', byte: 'AAAA'}[schema.format] ??
      (schema.pattern ? 'DE' : 'text');
  }
}

const others = ['x', '', 'https://example.com/b', '2026-02-30', 1, -1, 0.5, true, null, [], {}, [1], ['x'], [{}], {id: 1}];
const apart = new Set(['/id', '/@context', '/type', '/proof']);
// The value with one member or item left out or replaced, in every place and way; it is whole again in the end.
function* mutations(value, at = '') {
  for (const key of Object.keys(value)) {
    const path = `${at}/${key}`, old = value[key];
    if (apart.has(path)) continue;
    if (!Array.isArray(value)) {
      delete value[key];
      yield `${path} left out`;
    }
    for (const other of others) {
      value[key] = structuredClone(other);
      yield `${path} = ${JSON.stringify(other)}`;
    }
    value[key] = old;
    if (old && typeof old === 'object') yield* mutations(old, path);
  }
}

async function verdicts(file) {
  if (!existsSync(join(folder, file))) return `skipped: ${join(folder, file)} is not at hand`;
  const schema = JSON.parse(readFileSync(join(folder, file))), ajv = new Ajv({strict: false});
  addFormats(ajv);
  ajv.addFormat('byte', true); // OpenAPI's, not JSON Schema's
  const valid = ajv.compile(schema), whole = sample(schema, schema), all = [], bundles = [];
  whole['@context'] = [context, 'https://vocabulary.uncefact.org/untp/0.7.0/context/'];
  delete whole.proof;
  assert.ok(valid(whole), JSON.stringify(valid.errors));
  for (const what of mutations(whole)) all.push({what, valid: valid(whole), credential: {...structuredClone(whole), id: `urn:x:${all.length}`}});
  assert.ok(all.some(m => m.valid) && all.some(m => !m.valid));
  for (let i = 0; i < all.length; i += 250) bundles.push(all.slice(i, i + 250));
  await parallel(bundles, async bundle => {
    const {credentials} = await report(presentationOf(bundle.map(m => m.credential)), '--schemas', folder);
    for (const c of credentials) all[c.id.slice('urn:x:'.length)].ours = c.schema;
  });
  for (const {what, valid, ours} of all) {
    const vcdm = ours.reason.startsWith('VCDM 2.0 section'); // which the schema does not know
    assert.ok(ours.result !== 'not_checked' && (vcdm || (ours.result === 'verified') === valid), `${what}: Ajv ${valid}, ${JSON.stringify(ours)}`);
  }
  return `${all.length} changes, ${all.filter(m => m.valid).length} of them allowed`;
}

const files = ['DigitalProductPassport', 'ConformityCredential', 'DigitalTraceabilityEvent', 'DigitalFacilityRecord', 'DigitalIdentityAnchor'];
export default Object.fromEntries(files.map(f => [f, () => verdicts(`${f}.json`)]));
