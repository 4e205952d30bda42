// Screens 3 and 4: from Today to a saved talk, and what it changes.

import { site, sound, countTaps, api, assert } from './harness.mjs';

const it = site();

it.both('Today, the sheet and the list of children hold', { role: 'class_teacher@S5' }, async (page) => {
  await sound(page);
  const row = page.locator('[data-duty] a[href^="/record?child"]').first();
  const href = await row.getAttribute('href');
  await page.goto('/children');
  await sound(page);
  await page.goto(href);
  await sound(page);
});

it.test('six taps and one line from Today to a saved talk, and the duty is done', { device: 'phone', role: 'class_teacher@S5' }, async (page) => {
  const before = await api(page, '/api/v1/duties');
  const owed = before.body.items.filter((d) => d.kind === 'heart_talk' && ['open', 'overdue'].includes(d.state) && d.owner);
  assert.ok(owed.length > 0, 'a talk is owed');
  const taps = await countTaps(page);
  const row = page.locator('a[data-peb][data-state=open], a[data-peb][data-state=overdue]').first();
  const child = await row.getAttribute('data-peb');
  await row.tap();
  const line = page.locator('textarea[name=text]');
  await line.waitFor();
  const words = '数学应用题看不懂，想让爸爸晚上打电话讲。';
  await page.locator('input[name=f_mood] + *').first().tap();
  await page.locator('input[name=f_topics] + *').first().tap();
  await line.tap();
  await line.pressSequentially(words);
  await page.getByRole('button', { name: /存好|Save/ }).tap();
  await page.locator(`a[data-peb="${child}"][data-state=done]`).waitFor();
  assert.ok(taps.count <= 6, `${taps.count} taps`);
  const records = await api(page, `/api/v1/records?kind=heart_talk&child=${child}&from=2026-11-24`);
  assert.equal(records.body.items.filter((r) => r.text === words).length, 1, 'saved once');
  const after = await api(page, `/api/v1/duties?child=${child}`);
  const done = after.body.items.filter((d) => d.kind === 'heart_talk' && d.records.includes(records.body.items[0].id));
  assert.ok(done.some((d) => d.state === 'done'), 'it settles the duty');
});

it.test('another class is not found', { device: 'desktop', role: 'class_teacher@S5', allow: [/status of 404/] }, async (page) => {
  const other = await it.page('desktop', { role: 'class_teacher@S4' });
  const href = await other.locator('[data-duty] a[href^="/record?child"]').first().getAttribute('href');
  const answer = await page.goto(href);
  assert.equal(answer.status(), 404);
});
