// Screens 5 and 18 and the pages of any kind: many children at once, corrections, two copies, what is typed survives.

import { site, sound, api, assert } from './harness.mjs';

const it = site();
const save = (page) => page.getByRole('button', { name: /^(存好|Save)/ });
/** The records of a kind that this person sees, newest first. */
const records = async (page, query) => (await api(page, `/api/v1/records?${query}`)).body.items;
const idIn = (page) => new URL(page.url()).pathname.split('/')[2];

it.both('the pages of records hold', { role: 'class_teacher@S5' }, async (page) => {
  const mine = (await api(page, '/api/v1/me')).body.classes[0];
  const some = (await records(page, `limit=1&kind=heart_talk&class=${mine.code ?? mine}`))[0];
  const duty = (await api(page, '/api/v1/duties')).body.items.find((d) => d.child && d.state === 'open');
  for (const path of ['/records', '/records?kind=heart_talk&from=2026-11-01', '/records?kind=project', '/records/kinds', '/records/new?kind=contest',
    '/records/new?kind=health_check', '/record/many?kind=family_call', '/record/many?kind=gift&tab=village', `/records/${some.id}`, `/records/${some.id}/edit`,
    `/duties/${duty.id}?child=${duty.child}`, `/record?child=${duty.child}&kind=heart_talk&try=1`, '/conflicts']) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 200, path);
    await sound(page);
  }
});

it.both('own fields hold, and a new one is asked for', { role: 'head@S5' }, async (page, _, device) => {
  await page.goto('/fields');
  await sound(page);
  const summary = page.locator('details summary').filter({ hasText: /加一个字段|Add a field/ });
  if (!(await page.locator('#f-name').isVisible())) await summary.click();
  const name = `怎么回家${device}`;
  await page.locator('#f-kind').selectOption('home_visit');
  await page.locator('#f-name').fill(name);
  await page.locator('#f-type').selectOption('choice');
  await page.locator('#f-choices').fill('走路\n校车\n有人接');
  await page.getByRole('button', { name: /^(加上|Add)$/ }).click();
  await page.getByRole('cell', { name, exact: true }).waitFor();
  await sound(page);
  await page.goto('/records/new?kind=home_visit');
  await page.getByText(name).first().waitFor();
});

it.both('five children by one record are five lines, and one is taken back', { role: 'class_teacher@S5' }, async (page) => {
  await page.goto('/record/many?kind=family_letter');
  const words = `一起给家里写了信 ${page.viewportSize().width}`;
  const tiles = page.locator('#tiles label');
  for (let i = 0; i < 5; i += 1) await tiles.nth(i).click();
  await page.locator('textarea[name=text]').fill(words);
  const button = page.getByRole('button', { name: /5/ });
  await button.waitFor();
  await button.click();
  await page.locator('.toast').waitFor();
  const one = (await records(page, 'kind=family_letter&from=2026-11-24')).find((r) => r.text === words);
  assert.equal(one.lines.length, 5, 'a line each');
  await page.goto(`/records/${one.id}/edit`);
  await page.locator(`label:has(> input[name=child][value="${one.lines[2].child}"])`).click();
  await page.locator('#f-reason').fill('她今天不在');
  await save(page).click();
  await page.getByText('她今天不在').waitFor();
  await sound(page);
  const now = (await api(page, `/api/v1/records/${one.id}`)).body;
  assert.deepEqual(now.lines.map((l) => l.child), one.lines.filter((l) => l.child !== one.lines[2].child).map((l) => l.child));
  assert.equal(now.text, words);
});

it.test('what is typed survives a reload, and is gone when it is saved', { device: 'phone', role: 'class_teacher@S5' }, async (page) => {
  const href = await page.locator('a[href^="/record?child"]').first().getAttribute('href');
  await page.goto(href);
  const line = page.locator('textarea[name=text]');
  await line.fill('奶奶腿疼，想早点回家做饭。');
  await page.locator('input[name=f_mood] + *').nth(1).tap();
  await page.reload();
  assert.equal(await line.inputValue(), '奶奶腿疼，想早点回家做饭。');
  assert.ok(await page.locator('input[name=f_mood]').nth(1).isChecked());
  await save(page).tap();
  await page.locator('.toast').waitFor();
  await page.goto(href);
  assert.equal(await line.inputValue(), '');
});

it.test('存好了 has a way back', { device: 'phone', role: 'class_teacher@S5' }, async (page) => {
  const child = new URL(await page.locator('a[href^="/record?child"]').first().getAttribute('href'), 'http://x').searchParams.get('child');
  await page.goto(`/record?child=${child}&kind=guardian_talk`);
  await page.locator('textarea[name=text]').fill('记错了孩子');
  await save(page).tap();
  const toast = page.locator('.toast');
  await toast.waitFor();
  assert.match(await toast.innerText(), /撤回|Undo/);
  const mine = async () => (await records(page, `kind=guardian_talk&child=${child}&from=2026-11-24`)).filter((r) => r.text === '记错了孩子').length;
  assert.equal(await mine(), 1);
  await toast.getByRole('button').tap();
  await page.waitForURL((u) => u.pathname === '/' && !u.search);
  assert.equal(await mine(), 0);
});

it.test('a correction keeps the earlier text; two at once keep both copies', { device: 'desktop', role: 'class_teacher@S5' }, async (page) => {
  const child = new URL(await page.locator('a[href^="/record?child"]').first().getAttribute('href'), 'http://x').searchParams.get('child');
  await page.goto(`/records/new?kind=guardian_talk&child=${child}`);
  await page.locator('#f-text').fill('和奶奶说了十分钟');
  await save(page).click();
  await page.waitForURL(/saved=/);
  const id = idIn(page);
  // the head opens the form before the teacher saves
  const head = await it.page('desktop', { role: 'head@S5' });
  await head.goto(`/records/${id}/edit`);
  await page.goto(`/records/${id}/edit`);
  await page.locator('#f-text').fill('和奶奶说了一刻钟');
  await page.locator('#f-reason').fill('看了通话记录');
  await save(page).click();
  await page.getByText('看了通话记录').waitFor();
  await page.getByText('和奶奶说了十分钟').waitFor();
  await head.locator('#f-text').fill('和奶奶说了十分钟，她很高兴');
  await save(head).click();
  const strip = head.locator('a[href^="/conflicts/"]').first();
  await strip.waitFor();
  await strip.click();
  await head.getByText('两份都在').first().waitFor();
  await sound(head);
  assert.equal(await head.locator('.copy').count(), 2);
  await head.getByRole('button', { name: /两句都要|Keep both/ }).click();
  await head.waitForURL(new RegExp(`/records/${id}`));
  const text = (await api(head, `/api/v1/records/${id}`)).body.text;
  assert.equal(text, '和奶奶说了一刻钟\n和奶奶说了十分钟，她很高兴');
});

it.test('a duty is excused with a reason and taken back', { device: 'phone', role: 'class_teacher@S5', allow: [/status of 422/] }, async (page) => {
  const d = (await api(page, '/api/v1/duties')).body.items.find((x) => x.child && x.state === 'open' && x.owner && x.rule !== 'follow_up');
  const state = async () => (await api(page, `/api/v1/duties?child=${d.child}`)).body.items.find((x) => x.id === d.id)?.state;
  await page.goto(`/duties/${d.id}?child=${d.child}&do=excuse`);
  await page.getByRole('button', { name: /^(免做|Excuse)$/ }).tap();
  await page.getByText(/要写原因|A reason is needed/).first().waitFor();
  await page.locator('#f-reason_excuse').fill('住院了');
  await page.getByRole('button', { name: /^(免做|Excuse)$/ }).tap();
  await page.waitForURL((u) => u.pathname === '/');
  assert.equal(await state(), 'excused');
  await page.goto(`/duties/${d.id}?child=${d.child}`);
  await page.getByText('住院了').waitFor();
  await sound(page);
  await page.locator('summary').filter({ hasText: /撤回上一次|Take the last/ }).tap();
  await page.getByRole('button', { name: /^(撤回|Take back)$/ }).tap();
  await page.waitForURL((u) => u.pathname === '/');
  assert.equal(await state(), 'open');
});
