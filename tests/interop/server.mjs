// A server of the program under test, with tokens, for the checks that ask it over HTTP.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {made, newKey, path, program} from './lib.mjs';

const running = new Set();
let count = 0;
process.on('exit', () => running.forEach(child => child.kill('SIGKILL')));

// Starts `touchstone serve`; `stop` ends it and says with which status.
async function serve(name, {signs = true} = {}) {
  const unique = `${name}-${++count}`, key = await newKey(`${unique}.pem`), store = path(`${unique}.db`);
  const options = signs ? ['--key', key.file, '--form', 'en18223-jose'] : [];
  const child = spawn(program, ['serve', '--store', store, '--listen', '127.0.0.1:0', '--rate', '0', ...options], {stdio: ['ignore', 'pipe', 'pipe']});
  running.add(child);
  const ended = new Promise(done => child.on('exit', status => (running.delete(child), done(status))));
  const base = await new Promise((done, fail) => {
    let said = '';
    const hear = text => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) done(found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    ended.then(status => fail(new Error(`the server ended with ${status}: ${said}`)));
  });
  const token = (operator, rights = ['write'], audiences = ['operator']) => made('token', 'issue', '--quiet', '--store', store, '--name', 'test',
    '--operator', operator, rights.flatMap(r => ['--right', r]), audiences.flatMap(a => ['--audience', a]));
  const ask = async (method, target, {body, type = 'application/json', bearer, headers = {}} = {}) => {
    const answer = await fetch(base + target, {method, redirect: 'manual', headers: {...headers,
      ...(bearer && {Authorization: `Bearer ${bearer}`}), ...(body !== undefined && {'Content-Type': type})},
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body)});
    const text = await answer.text(), media = (answer.headers.get('content-type') ?? '').split(';')[0];
    return {status: answer.status, headers: answer.headers, media, text, json: /[/+]json$/.test(media) && text ? JSON.parse(text) : undefined};
  };
  const stop = async () => {
    child.kill('SIGTERM');
    assert.equal(await ended, 0, 'the server ends well');
  };
  return {base, store, token, ask, stop};
}

// The same for as long as `use` takes.
export async function withServer(name, options, use) {
  const server = await serve(name, options);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
