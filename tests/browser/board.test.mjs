// Screens 6, 7, 19, 24: the child's file, the class calendar, the school's page, search.

import { site, sound, api, assert } from './harness.mjs';

const it = site({ writes: false });

/** The first child of the list that opens a file. */
async function firstChild(page) {
  await page.goto('/children');
  const hrefs = await page.locator('a[href^="/children/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  return hrefs.map((href) => /^\/children\/([0-9a-f-]{36})$/.exec(href)?.[1]).find(Boolean);
}

/** No sideways scroll at the largest text either. */
async function soundAtTheLargest(page) {
  await page.evaluate(() => { document.documentElement.dataset.size = 'xl'; });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} px too wide at 字号 特大`);
  await page.evaluate(() => { delete document.documentElement.dataset.size; });
}

it.both('the file of a child holds, and each mark of the ribbon opens its record', { role: 'class_teacher@S5' }, async (page) => {
  const child = await firstChild(page);
  await page.goto(`/children/${child}`);
  await sound(page);
  await soundAtTheLargest(page);
  const hrefs = await page.locator('svg.rib:visible a[href^="/records/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(hrefs.length > 0, 'the year has marks');
  for (const href of hrefs.slice(0, 6)) {
    const { status, body } = await api(page, `/api/v1${href}`);
    assert.equal(status, 200, href);
    assert.ok(body.lines.some((l) => l.child === child), `${href} is about the child`);
    const answer = await page.request.get(href);
    assert.equal(answer.status(), 200, href);
  }
});

it.both('the calendar holds', { role: 'class_teacher@S5' }, async (page) => {
  await page.goto('/calendar');
  await sound(page);
  await soundAtTheLargest(page);
});

it.test('the calendar by keyboard: arrows move, Enter opens, Escape closes, R records', { device: 'desktop', role: 'class_teacher@S5' }, async (page) => {
  await page.goto('/calendar');
  const cells = page.locator('.desk[data-grid] a[data-state]');
  const open = page.locator('.desk[data-grid] a[data-state=open], .desk[data-grid] a[data-state=overdue]').first();
  await cells.first().focus();
  const first = await page.evaluate(() => document.activeElement.dataset.child);
  await page.keyboard.press('ArrowDown');
  const second = await page.evaluate(() => document.activeElement.dataset.child);
  assert.ok(second && second !== first, 'the row below');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.child), second, 'in the same row');
  await page.keyboard.press('Enter');
  await page.locator('.pop .cellpop').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.pop').waitFor({ state: 'detached' });
  await open.focus();
  await page.keyboard.press('r');
  await page.locator('.over textarea[name=text]').waitFor();
});

it.test('search: / leads to the box, a hit leads to the file', { device: 'desktop', role: 'class_teacher@S5' }, async (page) => {
  const child = await firstChild(page);
  const { body } = await api(page, `/api/v1/children/${child}`);
  await page.goto('/calendar');
  await page.keyboard.press('/');
  await page.keyboard.type(body.name);
  const hit = page.locator(`.sbox .hits a[href="/children/${child}"]`);
  await hit.waitFor();
  await hit.click();
  await page.waitForURL(new RegExp(child));
});

it.test('what lies in another class is not found', { device: 'desktop', role: 'class_teacher@S5', allow: [/status of 404/] }, async (page) => {
  const other = await it.page('desktop', { role: 'class_teacher@S4' });
  const child = await firstChild(other);
  for (const path of [`/children/${child}`, `/children/${child}/sensitive`, `/calendar/cell?child=${child}&week=1`, '/calendar?class=999']) {
    assert.equal((await page.goto(path)).status(), 404, path);
  }
});

it.both('the page of the school holds, and its numbers open their rows', { role: 'head@S5' }, async (page) => {
  await page.goto('/school/board');
  await sound(page);
  await soundAtTheLargest(page);
  const number = page.locator('.head a.num').first();
  const value = (await number.textContent()).trim();
  await number.click();
  const pop = page.locator('.pop .trace');
  await pop.waitFor();
  assert.ok((await pop.textContent()).includes(value));
});

it.both('search, text size and language hold', { role: 'class_teacher@S5' }, async (page) => {
  await page.goto('/search?q=%E5%AE%B6');
  await sound(page);
  await page.goto('/me/view');
  await sound(page);
  await page.locator('input[name=size][value=xl] + *').click();
  await page.locator('main form button').click();
  await page.waitForFunction(() => document.documentElement.dataset.size === 'xl');
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} px too wide`);
});
