// Screen 1, the first run: from the link to Today, back keeps all, the link works once.

import { spawn } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import test from 'node:test';
import { DEVICES, TODAY, assert, freePort, launch, sound } from './harness.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BINARY = process.env.TONGXING_BIN ?? path.join(path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug/tongxing');

/** `tongxing` over an empty folder: its address and the link that it prints. */
async function fresh() {
  const data = await fs.mkdtemp(path.join(tmpdir(), 'tongxing-setup-'));
  const port = await freePort();
  const env = { ...process.env, LANG: 'zh_CN.UTF-8', TONGXING_LISTEN: `127.0.0.1:${port}`, TONGXING_TODAY: TODAY, TONGXING_SECOND_FACTOR_ROLES: '' };
  delete env.TONGXING_DATABASE;
  const child = spawn(BINARY, ['--data', data], { cwd: data, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const die = () => child.kill('SIGKILL');
  process.once('exit', die);
  let said = '';
  const link = await new Promise((found, lost) => {
    const read = (text) => {
      said += text;
      const at = said.match(/http:\/\/\S+\/setup\/\S+/);
      if (at) found(at[0]);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    child.once('exit', () => lost(new Error(`the server ended:\n${said}`)));
    child.once('error', lost);
  });
  const stop = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    await fs.rm(data, { recursive: true, force: true });
  };
  return { link, origin: new URL(link).origin, stop };
}

for (const [device, options] of Object.entries(DEVICES)) {
  test(`from the link to Today, ${device}`, async () => {
    const server = await fresh();
    const browser = await launch();
    try {
      const context = await browser.newContext({ ...options, locale: 'zh-CN' });
      const page = await context.newPage();
      const wrong = [];
      page.on('pageerror', (e) => wrong.push(e.message));
      page.on('request', (r) => { if (new URL(r.url()).origin !== server.origin) wrong.push(r.url()); });

      await page.goto(server.link);
      await sound(page);
      await page.fill('[name=shown]', '石校长');
      await page.fill('[name=username]', 'shi');
      await page.fill('[name=new]', 'shanjian qingquan');
      await page.fill('[name=again]', 'shanjian qingquan');
      await page.click('button.b1');
      await page.waitForURL('**/setup');
      await sound(page);

      await page.fill('[name=name]', '云溪小学');
      await page.fill('[name=code]', 'Y1');
      await page.fill('[name=rooms]', '2');
      await page.fill('[name=village_names]', '洞坪村\n上寨村');
      await page.check('[name=is_head]');
      await page.click('#school button.b1');
      await page.waitForURL('**/setup?step=people*');
      await sound(page);

      await page.fill('[name=staff]', '周梅 女 班主任 401\n何静 女 心理辅导教师');
      await page.click('#people button.b1');
      await page.getByText('只显示这一次').waitFor();
      assert.match(await page.locator('main').innerText(), /周梅[\s\S]*何静/);
      await sound(page);
      await page.locator('a.b1').click();
      await page.waitForURL('**/setup?step=terms*');
      assert.equal(await page.inputValue('[name=t2026_1_from]'), '2026-09-01', 'the days are offered');
      await sound(page);

      // Back: what was saved still stands there.
      await page.goto(`${server.origin}/setup?step=school`);
      assert.equal(await page.inputValue('[name=name]'), '云溪小学');
      assert.equal(await page.inputValue('[name=village_names]'), '洞坪村\n上寨村');
      await page.goto(`${server.origin}/setup?step=terms`);
      await page.click('#terms button.b1');
      await page.waitForURL('**/setup?step=scheme*');
      assert.equal(await page.locator('.scs label').count(), 6);
      await sound(page);
      await page.locator('.scs label', { hasText: '方案五' }).click();
      await page.click('#scheme button.b1');
      await page.waitForURL('**/setup?step=children*');
      await page.getByRole('link', { name: '以后再导' }).click();
      await page.getByText('今天要做的三件事').waitFor();
      assert.equal(await page.locator('ol.help li').count(), 3);
      await sound(page);
      await page.getByRole('link', { name: '到今天' }).click();
      await page.waitForURL(`${server.origin}/`);

      const again = await page.goto(server.link);
      assert.equal(again.status(), 410);
      assert.match(await page.locator('main').innerText(), /用过了/);
      await sound(page);
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}
