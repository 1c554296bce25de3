// Opens the HTML report in Chromium as a person would, without network, and checks that it sorts, filters, marks words, asks
// nobody for anything, and logs no error. In each language.
//
// usage: node report.test.mjs FOLDER      FOLDER holds en.html, de.html, zh.html; screenshots are saved beside them
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const folder = resolve(process.argv[2] ?? '.');
const profile = mkdtempSync(join(tmpdir(), 'touchstone-browser-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: {width: 1280, height: 900},
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

const shown = page => page.locator('tbody tr:not([hidden])');
const likelihoods = async page => (await page.locator('tbody tr td.n').evaluateAll(c => c.map(x => Number(x.dataset.v))));
const sorted = (list, sign) => list.every((x, i) => i === 0 || sign * (list[i - 1] - x) <= 0);

async function sorting(page) {
  assert.ok(sorted(await likelihoods(page), -1), 'the likeliest come first');
  const heads = page.locator('th button');
  await heads.nth(0).click();
  const first = await page.locator('th').nth(0).getAttribute('aria-sort');
  assert.ok(sorted(await likelihoods(page), first === 'ascending' ? 1 : -1), `sorted ${first}`);
  await heads.nth(0).click();
  const second = await page.locator('th').nth(0).getAttribute('aria-sort');
  assert.notEqual(second, first, 'a second click turns the order');
  assert.ok(sorted(await likelihoods(page), second === 'ascending' ? 1 : -1), `sorted ${second}`);
  for (let i = 1; i < await heads.count(); i++) {
    await heads.nth(i).click();
    assert.equal(await page.locator('th[aria-sort]').count(), 1, 'one column at a time');
    assert.equal(await page.locator('th').nth(i).getAttribute('aria-sort') === null, false);
  }
}

async function filtering(page) {
  const all = await shown(page).count();
  assert.ok(all >= 20, `${all} leads`);
  const word = await page.locator('tbody tr mark').first().textContent();
  await page.fill('#filter', word);
  const some = await shown(page).count();
  assert.ok(some > 0 && some < all, `'${word}' leaves ${some} of ${all}`);
  assert.equal(await page.locator('#count').textContent(), `${some} / ${all}`, 'the count follows');
  for (const text of await shown(page).allTextContents()) assert.ok(text.toLowerCase().includes(word.toLowerCase()));
  await page.fill('#filter', 'no lead has these words 0123');
  assert.equal(await shown(page).count(), 0);
  await page.fill('#filter', '');
  await page.selectOption('#grade', 'strong');
  const strong = await shown(page).count();
  assert.ok(strong > 0 && strong < all, `${strong} strong of ${all}`);
  assert.equal(await page.locator('tbody tr:not([hidden]):not([data-grade=strong])').count(), 0);
  await page.selectOption('#grade', '');
  assert.equal(await shown(page).count(), all);
}

async function details(page) {
  assert.ok(await page.locator('mark').count() > 100, 'words are marked');
  const row = page.locator('tbody tr').first();
  await row.locator('summary').click();
  const sides = row.locator('.sides > div');
  assert.equal(await sides.count(), 2);
  for (let i = 0; i < 2; i++) assert.ok(await sides.nth(i).locator('mark').count() > 0, 'marked on both sides');
  assert.ok(await row.locator('li').count() > 0, 'reasons');
}

async function fits(page, name) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${width} pixels wide, the page is ${over} wider`);
    await page.screenshot({path: join(folder, `${name}-${width}.png`)});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

async function report(lang) {
  const page = await browser.newPage();
  const asked = [], errors = [];
  page.on('request', r => r.url().startsWith('file:') || asked.push(r.url()));
  page.on('console', m => m.type() === 'error' && errors.push(m.text()));
  page.on('pageerror', e => errors.push(String(e)));
  const file = pathToFileURL(join(folder, `${lang}.html`)).href;
  await page.goto(file);
  assert.equal(await page.locator('html').getAttribute('lang'), lang);
  assert.ok((await page.title()).length > 5);
  await details(page);
  await fits(page, lang);
  await sorting(page);
  await filtering(page);
  const words = await page.locator('h1, .caution, th').allTextContents();
  assert.deepEqual(asked, [], 'no request leaves the file');
  assert.deepEqual(errors, [], 'no error in the console');
  await page.close();
  console.log(`ok ${lang}: ${words[0]}`);
  return words;
}

let failed = true;
try {
  await browser.setOffline(true);
  const words = [];
  for (const lang of ['en', 'de', 'zh']) words.push(await report(lang));
  for (let i = 0; i < words[0].length; i++)
    assert.equal(new Set(words.map(w => w[i])).size >= 2, true, `'${words[0][i]}' is the same in all languages`);
  failed = false;
} catch (e) {
  console.error(`FAILED ${e.stack ?? e}`);
} finally {
  await browser.close();
  rmSync(profile, {recursive: true, force: true});
}
process.exit(failed ? 1 : 0);
