// Makes passports, one of them recalled, serves them, and reads their pages in Chromium as people do: telephone and desk, three
// languages, light and dark, on paper, without scripts, with a screen reader's eyes (axe-core, WCAG 2.2 AA).
//
// usage: node page.test.mjs TOUCHSTONE [FOLDER]      screenshots are saved in FOLDER
import assert from 'node:assert/strict';
import {spawn, execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {chromium} from 'playwright-core';

const program = resolve(process.argv[2] ?? 'build/release/touchstone');
const shots = process.argv[3] ? resolve(process.argv[3]) : undefined;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'touchstone-page-'));
const store = join(folder, 'passports.db'), key = join(folder, 'maker.pem');
const languages = ['en', 'de', 'zh'];
const issuer = 'did:web:id.velo.example';
if (shots) mkdirSync(shots, {recursive: true});

// ---- passports ----

const touchstone = (...a) => execFileSync(program, a, {stdio: ['ignore', 'pipe', 'pipe']}).toString();

function passport(id, granularity, product, more) {
  return {
    format: 'touchstone-passport-1', id, granularity,
    product: {
      id: product, name: 'Battery <500> & Söhne', description: 'For bicycles, 36 V.', modelNumber: 'PT-500',
      productCategory: [{code: '46410', name: 'Batteries', schemeId: 'https://c.example', schemeName: 'CPC'}],
      producedAtFacility: {id: 'https://velo.example/1', name: 'Works One'}, countryOfProduction: {countryCode: 'DE'},
    },
    operator: {id: issuer, name: 'Velo GmbH'}, packs: [{id: 'battery', category: 'lmt'}], status: 'active',
    elements: {
      identification: {model: 'PT-500'},
      manufacturer: {name: 'Velo GmbH', postalAddress: {street: 'Akkustraße 5', city: 'Zwickau'}, electronicAddress: 'https://velo.example/contact'},
      safety: {information: {en: 'Do not open.', de: 'Nicht öffnen.', zh: '请勿拆开。'}},
      batteryCategory: 'lmt', batteryMass: {value: 2.9, unit: 'kg'}, manufacturingDate: '2026-10-05',
      criticalRawMaterials: ['Lithium', 'Cobalt'], instructions: {use: 'https://velo.example/a-very-long-address-of-a-manual-that-has-to-break-somewhere/PT-500'},
      composition: {cathode: ['for repairers only']},
    },
    ...more,
  };
}

function world() {
  const gtin = 'https://id.gs1.org/01/09521234543213';
  const recall = [{
    status: 'recalled', by: {id: issuer, name: 'Velo GmbH'}, at: '2026-10-20T10:00:00Z', notice: 'safety_gate:SR/1/26',
    text: {en: 'Can catch fire.', de: 'Kann in Brand geraten.', zh: '可能起火。'},
  }];
  touchstone('passport', 'key', '--new', key);
  const all = [
    passport('urn:velo:model', 'model', gtin),
    passport('urn:velo:batch', 'batch', `${gtin}/10/B10`, {links: {model: 'urn:velo:model'}, safety: recall}),
    passport('urn:velo:item', 'item', `${gtin}/10/B10/21/7Q2MX9`, {links: {model: 'urn:velo:model', batch: 'urn:velo:batch'}}),
    passport('urn:velo:quiet', 'item', `${gtin}/21/QUIET1`, {links: {model: 'urn:velo:model'}}),
  ];
  for (const p of all) {
    const file = join(folder, 'passport.json');
    writeFileSync(file, JSON.stringify(p));
    touchstone('passport', 'issue', '--key', key, '--issuer', issuer, '--store', store, '--out', join(folder, 'out.jwt'), file);
  }
}

function serve() {
  const server = spawn(program, ['serve', '--store', store, '--listen', '127.0.0.1:0', '--key', key, '--issuer', issuer, '--rate', '0']);
  return new Promise((done, fail) => {
    let said = '';
    server.stderr.on('data', d => {
      said += d;
      const found = said.match(/listening on (http:\/\/[^\s;]+)/);
      if (found) done([server, found[1]]);
    });
    server.on('exit', code => fail(new Error(`serve ended with ${code}: ${said}`)));
  });
}

// ---- looking ----

async function open(browser, base, path, lang, options) {
  const context = await browser.newContext({locale: lang, javaScriptEnabled: false, viewport: {width: 1280, height: 900}, ...options});
  const page = await context.newPage();
  const asked = [], errors = [];
  page.on('request', r => new URL(r.url()).origin === base || asked.push(r.url()));
  page.on('console', m => m.type() === 'error' && errors.push(m.text()));
  page.on('pageerror', e => errors.push(String(e)));
  const answer = await page.goto(base + path);
  return {page, answer, async close() {
    assert.deepEqual(asked, [], 'nobody else is asked for anything');
    assert.deepEqual(errors, [], 'no error in the console');
    await context.close();
  }};
}

// axe needs scripts to run in; the page itself has none.
async function accessible(browser, base, path, lang, scheme, width) {
  const x = await open(browser, base, path, lang, {javaScriptEnabled: true, colorScheme: scheme, viewport: {width, height: 900}});
  await x.page.evaluate(() => document.querySelectorAll('details').forEach(d => d.open = true));
  await x.page.evaluate(() => document.querySelectorAll('#laws').forEach(d => d.checked = true));
  await x.page.evaluate(axe);
  const found = await x.page.evaluate(() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}));
  const told = found.violations.map(v => `${v.id}: ${v.nodes.map(n => `${n.html.slice(0, 160)} (${n.failureSummary})`).slice(0, 3).join('\n  ')}`);
  assert.deepEqual(told, [], `${path} ${lang} ${scheme} ${width}`);
  await x.close();
}

const widest = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function recalled(browser, base, lang) {
  const x = await open(browser, base, '/01/09521234543213/10/B10/21/7Q2MX9', lang, {viewport: {width: 390, height: 844}});
  assert.equal(x.answer.status(), 200, 'a recalled passport answers 200');
  assert.equal(await x.page.locator('html').getAttribute('lang'), lang);
  const alert = x.page.getByRole('alert');
  const box = await alert.boundingBox();
  assert.ok(box.y + 80 < 844, 'the recall is seen without scrolling');
  const name = await x.page.getByRole('heading', {level: 1}).boundingBox();
  assert.ok(box.y < name.y, 'the recall stands before the product');
  const words = {en: 'Can catch fire.', de: 'Kann in Brand geraten.', zh: '可能起火。'};
  assert.ok((await alert.textContent()).includes(words[lang]));
  assert.equal(await widest(x.page), 0, 'nothing lies beside the telephone');
  assert.equal(await x.page.locator('script, [onclick], [style]').count(), 0);
  if (shots) await x.page.screenshot({path: join(shots, `passport-${lang}-phone.png`), fullPage: true});
  const title = await alert.getByRole('heading').first().textContent();
  await x.close();
  return title;
}

async function quiet(browser, base, lang) {
  const x = await open(browser, base, '/passport?id=urn:velo:quiet', lang);
  assert.equal(await x.page.getByRole('alert').count(), 0);
  assert.ok((await x.page.locator('#safety p').first().textContent()).length > 20, 'that nothing is known is said in words');
  const text = await x.page.locator('body').textContent();
  assert.ok(!text.includes('for repairers only'), 'what is for other eyes is not in the page');
  assert.ok(text.includes('Battery <500> & Söhne'));
  const words = await x.page.locator('h2').allTextContents();
  if (shots) await x.page.screenshot({path: join(shots, `passport-${lang}-desk.png`), fullPage: true});
  await x.close();
  return words;
}

// With the keyboard alone: every link and control can be reached, and is seen when it is.
async function keyboard(browser, base) {
  const x = await open(browser, base, '/passport?id=urn:velo:item', 'en');
  const wanted = await x.page.locator('a, summary, input').count();
  const reached = new Set();
  for (let i = 0; i < wanted + 5; i++) {
    await x.page.keyboard.press('Tab');
    reached.add(await x.page.evaluate(() => {
      const e = document.activeElement;
      const s = getComputedStyle(e);
      if (e !== document.body && s.outlineStyle === 'none') return 'unseen';
      return e.outerHTML;
    }));
  }
  assert.ok(!reached.has('unseen'), 'what has the focus is seen');
  assert.ok(reached.size >= wanted * 0.7, `${reached.size} of ${wanted} reached`);
  await x.page.goto(base + '/passport?id=urn:velo:item');
  await x.page.keyboard.press('Tab');
  await x.page.keyboard.press('Enter');
  assert.ok(x.page.url().endsWith('#main'), 'the first link leads to the content');
  await x.close();
}

async function languageLinks(browser, base) {
  const x = await open(browser, base, '/passport?id=urn:velo:batch&at=2099-01-01', 'en');
  await x.page.getByRole('link', {name: '中文'}).click();
  assert.equal(await x.page.locator('html').getAttribute('lang'), 'zh');
  assert.ok(x.page.url().includes('at=2099-01-01'), 'the other wishes stay');
  await x.page.getByRole('link', {name: 'Deutsch'}).click();
  assert.equal(await x.page.locator('html').getAttribute('lang'), 'de');
  await x.page.goto(base + '/');
  await x.page.locator('#id').fill('(01)09521234543213(21)QUIET1');
  await x.page.locator('button').click();
  assert.ok((await x.page.getByRole('heading', {level: 1}).textContent()).includes('Battery'));
  await x.close();
}

async function paper(browser, base) {
  const x = await open(browser, base, '/passport?id=urn:velo:item', 'en');
  await x.page.emulateMedia({media: 'print'});
  assert.ok(await x.page.getByRole('alert').isVisible(), 'the recall is printed');
  assert.ok(!(await x.page.locator('.tongues').isVisible()));
  assert.ok(await x.page.locator('.law').first().isVisible(), 'and the articles');
  await x.close();
}

// ---- the run ----

let failed = true, server, base;
const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu']});
try {
  world();
  [server, base] = await serve();
  const titles = [], words = [];
  for (const lang of languages) {
    titles.push(await recalled(browser, base, lang));
    words.push(await quiet(browser, base, lang));
    console.log(`ok ${lang}: ${titles.at(-1)}`);
  }
  assert.equal(new Set(titles).size, 3, 'the recall is said in three languages');
  for (let i = 0; i < words[0].length; i++)
    assert.equal(new Set(words.map(w => w[i])).size, 3, `'${words[0][i]}' is the same in two languages`);
  for (const lang of languages)
    for (const [scheme, width] of [['light', 1280], ['dark', 390]])
      for (const path of ['/passport?id=urn:velo:item', '/passport?id=urn:velo:quiet', '/', '/01/09521234543213?linkType=linkset'])
        await accessible(browser, base, path, lang, scheme, width);
  console.log('ok axe: no violation');
  await keyboard(browser, base);
  await languageLinks(browser, base);
  await paper(browser, base);
  failed = false;
} catch (e) {
  console.error(`FAILED ${e.stack ?? e}`);
} finally {
  await browser.close();
  server?.removeAllListeners('exit');
  server?.kill();
  rmSync(folder, {recursive: true, force: true});
}
process.exit(failed ? 1 : 0);
