// Pictures of the pages in pages.json: `node shots.mjs FOLDER [NAME]`. A path may hold `{child}` for the
// first child of the list that the role sees.

import { promises as fs } from 'node:fs';
import path from 'node:path';
import { Site, DEVICES } from './harness.mjs';

const [folder, only] = process.argv.slice(2);
if (!folder) throw new Error('node shots.mjs FOLDER [NAME]');
const list = JSON.parse(await fs.readFile(new URL('./pages.json', import.meta.url), 'utf8'));
const chosen = list.filter((one) => !only || one.name.includes(only));
if (chosen.length === 0) throw new Error(`pages.json names no page like ${only}`);
await fs.mkdir(folder, { recursive: true });

const site = new Site({ seed: 1, writes: true, env: {} });
let failed = 0;
try {
  await site.open();
  for (const { name, path: address, role } of chosen) {
    for (const [device, { viewport }] of Object.entries(DEVICES)) {
      const page = await site.page(device);
      try {
        if (role) await site.login(page, role);
        let to = address;
        if (to.includes('{child}')) {
          await page.goto('/children');
          const links = await page.locator('a[href^="/children/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
          const child = links.map((link) => /^\/children\/([0-9a-f-]{36})/.exec(link)?.[1]).find(Boolean);
          if (!child) throw new Error('the list links no child');
          to = to.replaceAll('{child}', child);
        }
        const answer = await page.goto(to, { waitUntil: 'networkidle' });
        const file = path.join(folder, `${name}-${viewport.width}x${viewport.height}.png`);
        await page.screenshot({ path: file });
        console.log(`${file}  ${answer?.status() ?? ''}`);
        page.wrong.check();
      } catch (error) {
        failed += 1;
        console.error(`${name} on the ${device}: ${error.message}`);
      } finally {
        await page.context().close();
      }
    }
  }
} finally {
  await site.close();
}
process.exit(failed ? 1 : 0);
