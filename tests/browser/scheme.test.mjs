// Screen 9, the scheme editor, and the pages of school and people around it.

import { site, sound, assert } from './harness.mjs';

const it = site();

for (const path of ['/school', '/school?edit=1', '/school/group', '/classes', '/calendar/terms', '/calendar/terms?edit=1', '/people', '/people/new',
  '/scheme', '/scheme?tab=versions', '/scheme?tab=choose', '/scheme?tab=compare', '/me']) {
  it.both(`${path} holds`, { role: 'head@S5' }, async (page) => {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 200);
    await sound(page);
  });
}

it.test('one tap shows the other words, one takes one, and the week follows', { device: 'desktop', role: 'head@S4' }, async (page) => {
  await page.goto('/scheme');
  const load = page.locator('.lo', { hasText: '班主任' }).locator('b');
  const before = await load.innerText();
  const rule = page.locator('.rule', { hasText: '家访' }).first();
  await rule.locator('summary', { hasText: '期初、期中、期末' }).click();
  await rule.getByRole('button', { name: '每月', exact: true }).click();
  await page.getByText('草稿').first().waitFor();
  assert.notEqual(await load.innerText(), before, 'hours and items follow');
  const changed = page.locator('.rule', { hasText: '改了' });
  assert.equal(await changed.count(), 1);
  assert.match(await page.locator('.df').innerText(), /仍按第 1 版算/);
  await sound(page);
});

it.test('a rule of law has a lock and no switch to press', { device: 'desktop', role: 'head@S5' }, async (page) => {
  await page.goto('/scheme');
  const law = page.locator('.rule', { hasText: '不可放宽' });
  assert.equal(await law.count(), 1);
  assert.equal(await law.locator('button').count(), 0);
});

it.test('a class teacher reads the scheme and changes nothing', { device: 'phone', role: 'class_teacher@S5' }, async (page) => {
  const answer = await page.goto('/scheme');
  assert.equal(answer.status(), 200);
  assert.equal(await page.locator('.rule button').count(), 0);
  await sound(page);
});
