// K1: before the first draft, the editor, a number's trace, own words over a change of style, the files, the frozen copy.
import { site, sound, assert } from './harness.mjs';

const it = site({ writes: true });

async function begin(page, style = 'S5') {
  await page.goto('/reports');
  await page.getByLabel('体例').selectOption(style);
  await page.getByLabel('从').fill('2026-09-01');
  await page.getByLabel('到', { exact: true }).fill('2026-11-24');
  await page.getByRole('button', { name: '先看什么会算' }).click();
  await page.waitForURL(/summary\/new/);
}

it.both('the shelf and the page before a first draft hold', { role: 'head@S5' }, async (page) => {
  await page.goto('/reports');
  await sound(page);
  await begin(page);
  await page.getByRole('heading', { name: '什么不算，为什么' }).waitFor();
  await sound(page);
});

it.test('a draft is written, kept and made final', { device: 'desktop', role: 'head@S5' }, async (page) => {
  await begin(page);
  await page.getByRole('button', { name: '开始写' }).click();
  await page.waitForURL(/summary\/[0-9a-f-]{36}$/);
  await sound(page);
  const address = page.url();

  // where a number comes from, beside the paper
  await page.locator('.pp a[data-fig="talks.times"]').first().click();
  await page.locator('#trace .bigv').waitFor();
  assert.match(await page.locator('#trace').innerText(), /谈心/);
  await sound(page);

  // own words, in a sheet
  await page.locator('.addown a').nth(2).click();
  await page.getByLabel('自己的话').fill('孩子们第一次在老师家包饺子。\n{figure:gifts.pieces} <b>不是标记</b> 𠮷㛃䶮');
  await page.getByRole('button', { name: '存好' }).click();
  await page.locator('.pp .own').waitFor();
  assert.match(await page.locator('.pp .own').innerText(), /\{figure:gifts\.pieces\} <b>不是标记<\/b> 𠮷㛃䶮/);

  // another style keeps them
  await page.getByRole('link', { name: '一', exact: true }).click();
  await page.getByRole('button', { name: '改用体例一' }).click();
  await page.waitForURL(address);
  assert.match(await page.locator('.pp').innerText(), /孩子们第一次在老师家包饺子/);

  // the files
  for (const [as, start] of [['docx', 'PK'], ['pdf', '%PDF'], ['html', '<!DOCTYPE']]) {
    const answer = await page.request.get(`${address}/export?as=${as}`);
    assert.equal(answer.status(), 200, as);
    assert.ok((await answer.body()).toString('latin1').startsWith(start), as);
  }

  // review, approval, final
  await page.getByRole('button', { name: '交审' }).click();
  await page.getByRole('button', { name: '批准' }).click();
  await page.getByRole('button', { name: '定稿' }).click();
  await page.getByText(/校验码 [0-9a-f]{64}/).waitFor();
  assert.equal(await page.locator('.addown').count(), 0);
  await sound(page);
});

it.test('all of it works without a script', { device: 'desktop', role: 'leader@S1', context: { javaScriptEnabled: false } }, async (page) => {
  await begin(page, 'S1');
  await page.getByRole('button', { name: '开始写' }).click();
  await page.waitForURL(/summary\/[0-9a-f-]{36}$/);
  await page.locator('.addown a').first().click();
  await page.getByLabel('自己的话').fill('没有脚本也能写。');
  await page.getByRole('button', { name: '存好' }).click();
  await page.locator('.pp .own').waitFor();
  await page.locator('.pp a[data-fig]').first().click();
  await page.locator('#trace .bigv').waitFor();
  await page.getByRole('button', { name: '文中不写' }).click();
  await page.getByText('个数没写进文中').waitFor();
});
