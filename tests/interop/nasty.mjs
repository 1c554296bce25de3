// Values that are hard to canonicalise, and unusual ways to write them. The same ones in every run.

let state = 20261123;
export function random(n) { // 0 … n - 1; mulberry32
  state = (state + 0x6D2B79F5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
// From here on the same numbers, whatever was drawn before.
export function seed(n) {
  state = n;
}
export const pick = list => list[random(list.length)];

const view = new DataView(new ArrayBuffer(8));
function anyDouble() {
  for (;;) {
    view.setUint32(0, random(2 ** 32));
    view.setUint32(4, random(2 ** 32));
    if (Number.isFinite(view.getFloat64(0))) return view.getFloat64(0);
  }
}
const edges = [0, -0, 1, -1, 0.1, 0.2, 0.3, 1 / 3, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308,
  9007199254740991, 9007199254740992, 9007199254740994, 1e21, 1e20, 999999999999999900000, 1e-6, 1e-7, 1.5e-7, 123456789012345680000,
  333333333.33333329, 1e23, 4.35, 295147905179352830000, 0.000001, 1.0000000000000002];
export const double = () => pick([anyDouble, anyDouble, () => pick(edges) * pick([1, -1]), () => random(1e6) / 10 ** random(12),
  () => random(2 ** 32) * 2 ** random(60), () => 2 ** (random(2098) - 1074)])();

const points = [0, 1, 8, 9, 10, 11, 12, 13, 27, 31, 32, 34, 38, 47, 60, 62, 92, 127, 128, 159, 160, 0xad, 0xe4, 0xdf, 0x7ff, 0x800, 0x301,
  0x200b, 0x200e, 0x202e, 0x2028, 0x2029, 0xd7ff, 0xe000, 0xfb01, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1f600, 0x10ffff, 0x6c34];
export const string = (n = random(12)) => String.fromCodePoint(...Array.from({length: n}, () => pick(points)));
const names = ['', ' ', '__proto__', 'constructor', 'toJSON', '10', '9', '1', 'é', 'e\u0301', '\u20ac', '\r', '\ufb33', '\u{1f600}', '\u0080',
  '\u00f6', '\ue000', '\u{10000}', 'a', 'A', 'aa', '"', '\\', '\u0000'];

export function value(depth = 3) {
  switch (random(depth ? 7 : 5)) {
    case 0: return double();
    case 1: return string();
    case 2: return pick([true, false]);
    case 3: return pick([null, '', 0]);
    case 4: return double();
    case 5: return Array.from({length: random(6)}, () => value(depth - 1));
    default: return object(depth);
  }
}
export const object = (depth = 3, n = random(8)) =>
  Object.fromEntries(Array.from({length: n}, () => [random(2) ? pick(names) : string(), value(depth - 1)]));

// ---- unusual spellings ----

const space = () => pick(['', '', '', ' ', '\n', '\t', '\r\n  ']);
function spellNumber(x) {
  const exact = x.toPrecision(17 + random(84));
  const text = pick([String(x), x.toExponential(), exact, x.toExponential(20 + random(70))]);
  if (Object.is(x, -0) || x === 0) return pick(['0', '-0', '0.0', '-0.0e0', '0E+99', '0e-400']);
  if (Number.isInteger(x) && Math.abs(x) < 1e300 && random(4) === 0) return BigInt(x) + pick(['', '.0', '.000', 'e0', 'E-0', '.0e+00']);
  return text.replace(/e([+-])/i, (_, sign) => pick(['e', 'E']) + (sign === '-' ? '-' : pick(['', '+'])) + pick(['', '0', '00']));
}
const escape = c => c.split('').map(u => `\\u${u.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
function spellString(s) {
  let text = '';
  for (const c of s) text += random(5) === 0 ? pick([escape(c), escape(c).toUpperCase().replaceAll('\\U', '\\u')])
    : c === '/' && random(2) ? '\\/' : JSON.stringify(c).slice(1, -1);
  return `"${text}"`;
}
const shuffled = list => list.map(x => [random(1e9), x]).sort((a, b) => a[0] - b[0]).map(x => x[1]);
export function spell(v) {
  if (typeof v === 'number') return spellNumber(v);
  if (typeof v === 'string') return spellString(v);
  if (v === null || typeof v !== 'object') return String(v);
  const [open, close, items] = Array.isArray(v) ? ['[', ']', v.map(spell)]
    : ['{', '}', shuffled(Object.entries(v)).map(([k, x]) => `${spellString(k)}${space()}:${space()}${spell(x)}`)];
  return open + items.map(x => space() + x + space()).join(',') + space() + close;
}
