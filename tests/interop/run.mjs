// Holds what the program signs against other people's verifiers, what they sign against it, and what it serves against their contracts.
//
// usage: node run.mjs PROGRAM [NAME…]      NAME: issued_integrity, issued_tokens … (default: all); needs no network
//
// Says one line for each check. Exit status 1 when one fails.
import {readdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';

if (!process.argv[2]) {
  console.error('usage: node run.mjs PROGRAM [NAME…]');
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url)), wanted = process.argv.slice(3);
const parts = readdirSync(here).filter(f => f.endsWith('.test.mjs')).map(f => f.slice(0, -'.test.mjs'.length)).sort();
let failed = 0, all = 0;
for (const part of wanted.length ? wanted : parts) {
  const {default: checks} = await import(`./${part}.test.mjs`);
  for (const [name, check] of Object.entries(checks)) {
    const begin = Date.now();
    let line;
    all++;
    try {
      line = ['ok    ', await check()];
    } catch (error) {
      failed++;
      line = ['FAILED', error.stack];
    }
    console.log(`${line[0]} ${part}: ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)${line[1] ? `: ${line[1]}` : ''}`);
  }
}
console.log(failed ? `interop: ${failed} of ${all} checks failed` : `interop: ${all} checks passed`);
process.exitCode = failed ? 1 : 0;
