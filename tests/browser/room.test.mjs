// Screen 11: the tablet at the door of the care room, and what it keeps while there is no network.

import { site, sound, api, assert } from './harness.mjs';

const it = site();

async function paired(page) {
  await page.goto('/room');
  await sound(page);
  await page.getByRole('link', { name: '配一台' }).click();
  await sound(page);
  await page.getByRole('button', { name: '要一个配对码' }).click();
  const code = await page.locator('.paircode').textContent();
  const tablet = await it.page('desktop', { allow: [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/, /Failed to load resource/] });
  await tablet.goto('/tablet');
  await tablet.locator('[name=code]').fill(code);
  await tablet.getByRole('button', { name: '配对' }).click();
  await tablet.locator('.tile').first().waitFor();
  return tablet;
}

it.test('forty-one children come in while the network goes and comes back: nobody missing, nobody double', { device: 'desktop', role: 'head@S2' }, async (page) => {
  const tablet = await paired(page);
  const words = await tablet.content();
  for (const word of ['留守', '谈心', '家访', '逾期', '重点']) assert.ok(!words.includes(word), `${word} on the tablet`);
  const before = (await api(page, '/api/v1/rooms')).body.items[0];
  const came = [];
  const classes = tablet.locator('nav.cls a');
  for (let k = 0; came.length < 41; k += 1) {
    await classes.nth(k).click();
    const tiles = tablet.locator('.g:not([hidden]) .tile');
    const n = await tiles.count();
    for (let i = 0; i < n && came.length < 41; i += 1) {
      if (came.length === 12) await tablet.context().setOffline(true);
      if (came.length === 30) await tablet.context().setOffline(false);
      const tile = tiles.nth(i);
      const child = await tile.getAttribute('data-child');
      await tile.click();
      await tablet.locator('button[value=in]').click();
      await tablet.locator(`.tile.in[data-child="${child}"]`).waitFor();
      came.push(child);
    }
  }
  // what waited is sent by itself
  await tablet.waitForFunction(() => document.querySelector('p.net').hidden);
  const visits = (await api(page, `/api/v1/rooms/${before.id}/visits`)).body.items.map((v) => v.child);
  assert.equal(new Set(visits).size, visits.length, 'nobody double');
  for (const child of came) assert.ok(visits.includes(child), 'nobody missing');
  assert.equal((await api(page, '/api/v1/rooms')).body.items[0].inside, before.inside + 41);
});
