// The ground of the browser tests: one running demonstration, pages of a phone and of a desktop, and what
// has to hold on every page. How to write a test: see README.md beside this file.

import { spawn, execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { promises as fs, accessSync, constants, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import nodeTest, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../..');
const TARGET = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target');
const BINARY = process.env.TONGXING_BIN ?? path.join(TARGET, 'debug/tongxing');
/** Filled data, copies of it and pictures of failures. */
const WORK = process.env.TONGXING_BROWSER_DIR ?? path.join(TARGET, 'browser');
/** The day on which the demonstration stands still. */
export const TODAY = '2026-11-24';

export const ROLES = ['admin', 'county', 'head', 'leader', 'class_teacher', 'subject_teacher', 'counsellor',
  'duty_leader', 'helper', 'inspector'];

/** The two devices on which every page must hold. */
export const DEVICES = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1366, height: 768 } },
};

// ── the browser ────────────────────────────────────────────────────────────────────────────────────

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      const file = path.join(dir, name);
      try { accessSync(file, constants.X_OK); return file; } catch { /* the next one */ }
    }
  }
  throw new Error('Chromium is not in PATH; on Debian: apt-get install chromium');
}

export function launch() {
  return chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-first-run', '--font-render-hinting=none'],
  });
}

// ── the server ─────────────────────────────────────────────────────────────────────────────────────

export async function freePort() {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/**
 * The logins that `tongxing demo` prints, `[{ role, user, password, school? }]`. This is the only place
 * that knows their form: lines `role  user  password` (a school's code may stand between), or JSON lines.
 */
export function parseLogins(text) {
  const logins = [];
  const add = (one) => {
    const user = one.user ?? one.username ?? one.name;
    if (!ROLES.includes(one.role) || !user || !one.password) return;
    if (!logins.some((old) => old.user === user)) {
      logins.push({ role: one.role, user, password: one.password, ...(one.school && { school: one.school }) });
    }
  };
  for (const line of text.split('\n').map((line) => line.trim())) {
    if (line.startsWith('{') || line.startsWith('[')) {
      try {
        const value = JSON.parse(line);
        for (const one of Array.isArray(value) ? value : value.logins ?? [value]) add(one);
      } catch { /* no line of ours */ }
      continue;
    }
    const words = line.split(/\s+/).filter((word) => word !== '|');
    if (words.length < 3) continue;
    const school = words.slice(1, -1).find((word) => /^S\d$/.test(word));
    const names = words.slice(1).filter((word) => word !== school);
    add({ role: words[0], user: names[0], password: names.at(-1), school });
  }
  return logins;
}

const running = new Set();
// Whatever ends this process, no server outlives it.
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

function environment(more) {
  // one user of a test asks faster than the thirty of an office
  const env = { ...process.env, LANG: 'zh_CN.UTF-8', TONGXING_LIMIT_REQUESTS_PER_SECOND: '1000', TONGXING_LIMIT_BURST: '10000', TONGXING_LIMIT_STRANGER_REQUESTS_PER_SECOND: '1000', TONGXING_LIMIT_STRANGER_BURST: '10000', ...more };
  for (const name of ['TONGXING_DATABASE', 'TONGXING_PUBLIC_URL', 'TONGXING_SECOND_FACTOR_ROLES', 'LC_ALL']) delete env[name];
  return { ...env, ...more };
}

/** A `tongxing demo` on a port of its own. It can be killed and started again on the same address. */
export class Server {
  /** @param {{data: string, seed?: number, env?: object}} options */
  constructor({ data, seed = 1, env = {} }) {
    Object.assign(this, { data, seed, env, output: '' });
  }

  async start() {
    this.port ??= await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const child = spawn(BINARY, ['demo', '--data', this.data, '--seed', String(this.seed)], {
      cwd: this.data,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment({ TONGXING_LISTEN: `127.0.0.1:${this.port}`, ...this.env }),
    });
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.once('error', (error) => { this.output += `\n${error.message}`; });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => { this.output += text; });
    }
    for (const end = Date.now() + 120_000; Date.now() < end;) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.status === 200) return this;
      await wait(50);
    }
    this.kill();
    throw new Error(`tongxing demo did not become ready. It said:\n${this.output}`);
  }

  /** The logins printed so far. They may have been printed when the data were filled. */
  async logins() {
    const filled = await fs.readFile(path.join(this.data, LOGINS), 'utf8').catch(() => '');
    return parseLogins(`${this.output}\n${filled}`);
  }

  /** Asks the server to end, as Ctrl-C does; it has to end well. */
  async stop() {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const [code, signal] = await Promise.race([ended, wait(10_000, ['it went on for 10 s'], { ref: false })]);
    if (code !== 0) {
      this.kill();
      throw new Error(`SIGTERM did not end the server cleanly (${code ?? signal}). It said:\n${this.output.slice(-2000)}`);
    }
  }

  /** Kills the server at once: no network, as far as a page can tell. */
  kill() {
    this.child?.kill('SIGKILL');
  }
}

// ── the data ───────────────────────────────────────────────────────────────────────────────────────

/** Beside the filled data: what `--fill-only` printed. */
const LOGINS = 'printed-by-fill.txt';

/** A folder filled once for all test files of a run, and for later runs of the same binary. */
async function filled(seed) {
  const name = `fill-${seed}-${Math.round(statSync(BINARY).mtimeMs)}`;
  const dir = path.join(WORK, name);
  const done = path.join(WORK, `${name}.done`);
  const lock = path.join(WORK, `${name}.lock`);
  await fs.mkdir(WORK, { recursive: true });
  for (const end = Date.now() + 300_000; Date.now() < end; await wait(100)) {
    if (await fs.access(done).then(() => true, () => false)) return dir;
    if (!await fs.mkdir(lock).then(() => true, () => false)) {
      // Somebody else is filling, or was killed while doing so.
      const { mtimeMs } = await fs.stat(lock).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > 200_000) await fs.rm(lock, { recursive: true, force: true });
      continue;
    }
    try {
      for (const old of await fs.readdir(WORK)) {
        if (old.startsWith(`fill-${seed}-`) && !old.startsWith(name)) await fs.rm(path.join(WORK, old), { recursive: true, force: true });
      }
      await fs.rm(dir, { recursive: true, force: true });
      await fs.mkdir(dir, { recursive: true });
      const printed = execFileSync(BINARY, ['demo', '--fill-only', '--data', dir, '--seed', String(seed)],
        { env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64e6 });
      await fs.writeFile(path.join(dir, LOGINS), printed);
      await fs.writeFile(done, '');
      return dir;
    } finally {
      await fs.rm(lock, { recursive: true, force: true });
    }
  }
  throw new Error(`${lock} stayed for five minutes: another run is filling the data.`);
}

// ── a site for one test file ───────────────────────────────────────────────────────────────────────

/**
 * The demonstration for the tests of one file. Registers its own set-up and tear-down.
 * @param {{seed?: number, writes?: boolean, env?: object}} options  `writes: false` for a file that changes
 *   nothing: it needs no copy of the data. `env` goes to the server.
 */
export function site({ seed = 1, writes = true, env = {} } = {}) {
  const it = new Site({ seed, writes, env });
  before(() => it.open());
  after(() => it.close());
  return it;
}

export class Site {
  constructor(options) {
    this.options = options;
    this.pages = [];
    this.cookies = new Map();
  }

  async open() {
    const { seed, writes, env } = this.options;
    this.data = await filled(seed);
    if (writes) {
      this.data = await fs.mkdtemp(path.join(WORK, 'copy-'));
      await fs.cp(await filled(seed), this.data, { recursive: true });
    }
    this.server = await new Server({ data: this.data, seed, env }).start();
    this.url = this.server.url;
    this.browser = await launch();
  }

  async close() {
    await this.browser?.close();
    try {
      await this.server?.stop();
    } finally {
      if (this.options.writes && this.data) await fs.rm(this.data, { recursive: true, force: true });
    }
  }

  /** The login of a role, `class_teacher`, or of a role in a school, `class_teacher@S3`. */
  async loginOf(who) {
    const [role, school] = who.split('@');
    const logins = await this.server.logins();
    const found = logins.find((one) => one.role === role && (!school || !one.school || one.school === school));
    assert.ok(found, `the demonstration prints no login for ${who}; it printed:\n${this.server.output.slice(0, 3000)}`);
    return found;
  }

  /**
   * A fresh page that collects what goes wrong on it.
   * @param {'phone'|'desktop'} device
   * @param {{role?: string, context?: object, allow?: RegExp[]}} options  `role` signs in; `allow` names
   *   console errors that belong to the test.
   */
  async page(device = 'desktop', { role, context = {}, allow = [] } = {}) {
    const made = await this.browser.newContext({
      baseURL: this.url, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', ...DEVICES[device], ...context,
    });
    const page = await made.newPage();
    page.setDefaultTimeout(10_000);
    page.wrong = watch(page, this.url, allow);
    this.pages.push(page);
    if (role) await this.login(page, role);
    return page;
  }

  /**
   * Signs in and stands on `to`. The form is filled in once for each role of a file; after that its
   * cookies are used again, so that the tests do not run into the limits of the login.
   */
  async login(page, who, to = '/') {
    const known = this.cookies.get(who);
    if (known) {
      await page.context().addCookies(known);
      await page.goto(to);
    } else {
      const { user, password } = await this.loginOf(who);
      await page.goto(to === '/' ? '/login' : to);
      await signIn(page, user, password);
      assert.equal(await page.locator('input[name=password]').count(), 0, `the login of ${who} (${user}) did not lead in`);
      this.cookies.set(who, await page.context().cookies());
      if (new URL(page.url()).pathname !== to.split(/[?#]/)[0]) await page.goto(to);
    }
    return page;
  }

  /**
   * One test with one page. When the body is through, the page must have seen no error on the console and
   * no request to another origin; when it fails, a picture is kept.
   * @param {string} name
   * @param {{device?: 'phone'|'desktop', role?: string, allow?: RegExp[], context?: object}} options
   * @param {(page: import('playwright-core').Page, site: Site) => Promise<void>} body
   */
  test(name, options, body) {
    const { device = 'desktop', ...rest } = options;
    nodeTest(`${name} (${device})`, { timeout: 120_000 }, async () => {
      this.pages = [];
      try {
        const page = await this.page(device, rest);
        await body(page, this);
        for (const each of this.pages) each.wrong.check();
      } catch (error) {
        await this.keepPictures(`${name}-${device}`).catch(() => {});
        throw error;
      } finally {
        for (const each of this.pages) await each.context().close().catch(() => {});
      }
    });
  }

  /** The same test on the phone and on the desktop. */
  both(name, options, body) {
    for (const device of Object.keys(DEVICES)) this.test(name, { ...options, device }, (page, it) => body(page, it, device));
  }

  async keepPictures(name) {
    const dir = path.join(TARGET, 'browser-failures');
    await fs.mkdir(dir, { recursive: true });
    for (const [at, page] of this.pages.entries()) {
      const file = path.join(dir, `${name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${at + 1}.png`);
      await page.screenshot({ path: file, timeout: 5000 });
      console.error(`picture of the failure: ${path.relative(ROOT, file)} (${page.url()})`);
    }
  }
}

/** Fills in the form of `/login` and presses Enter. Waits for the answer. */
export async function signIn(page, user, password) {
  await page.fill('input[name=username]', user);
  await page.fill('input[name=password]', password);
  const answer = page.waitForResponse((response) => response.request().method() === 'POST' && new URL(response.url()).pathname === '/login');
  await page.press('input[name=password]', 'Enter');
  const response = await answer;
  await page.waitForLoadState('load');
  return response;
}

// ── what has to hold on every page ─────────────────────────────────────────────────────────────────

/** Fails with the list, each entry once, when there is any. */
function none(list, what) {
  if (list.length === 0) return;
  throw new Error(`${what}:\n  ${[...new Set(list)].join('\n  ')}`);
}

/** Collects errors of a page and its requests to other origins. */
function watch(page, url, allow) {
  const origin = new URL(url).origin;
  const errors = [];
  const strangers = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`); });
  page.on('pageerror', (error) => errors.push(error.stack ?? String(error)));
  page.context().on('request', (request) => {
    const to = new URL(request.url());
    if (!['data:', 'blob:', 'about:'].includes(to.protocol) && to.origin !== origin) strangers.push(request.url());
  });
  return {
    errors,
    strangers,
    /** Names further console errors that belong to the test. */
    allow: (...patterns) => allow.push(...patterns),
    check() {
      const left = errors.filter((error) => !allow.some((pattern) => pattern.test(error)));
      none(left, 'errors on the console');
      none(strangers, 'requests to other origins');
    },
  };
}

/** Nothing on the page is wider than the window. */
export async function noSidewaysScroll(page) {
  const found = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= width) return [];
    const scrolls = (node) => node && node !== document.body && node !== document.documentElement
      && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
    return [`the page is ${document.documentElement.scrollWidth} px wide in ${width}`, ...[...document.querySelectorAll('body *')]
      .filter((node) => node.getBoundingClientRect().right > width + 0.5 && !scrolls(node.parentElement))
      .slice(0, 8)
      .map((node) => `${node.tagName.toLowerCase()}.${node.getAttribute('class') ?? ''} to ${Math.round(node.getBoundingClientRect().right)} px: ${node.textContent.trim().slice(0, 30)}`)];
  });
  none(found, `${page.url()} scrolls sideways`);
}

const axeSource = await fs.readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * No serious finding of axe on the page. Runs past the page's content security policy without lifting it.
 * @param {{skip?: string[]}} options  `skip` names rules that do not fit, each with a reason beside it.
 */
export async function axe(page, { skip = [] } = {}) {
  await page.evaluate(axeSource);
  const rules = Object.fromEntries(skip.map((name) => [name, { enabled: false }]));
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), { rules, resultTypes: ['violations'] });
  const found = violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .flatMap((one) => one.nodes.slice(0, 5).map((node) => `${one.impact} ${one.id}: ${one.help}: ${node.target.join(' ')} ${node.html.slice(0, 120)}`));
  none(found, `axe on ${page.url()}`);
}

/** Everything that is tapped is at least 44 × 44 CSS pixels, links in running text excepted. */
export async function touchTargets(page) {
  const found = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]')]
    .filter((node) => {
      const style = getComputedStyle(node);
      // what lies in a closed fold has a box but cannot be tapped
      if (style.visibility === 'hidden' || style.display === 'inline' || !node.getClientRects().length || !node.checkVisibility()) return false;
      // A box to tick is as large as the label that is tapped for it.
      const label = ['checkbox', 'radio'].includes(node.type) ? node.closest('label') ?? document.querySelector(`label[for="${node.id}"]`) : null;
      const box = (label ?? node).getBoundingClientRect();
      return box.right > 0 && box.bottom > 0 && (box.width < 43.5 || box.height < 43.5);
    })
    .slice(0, 10)
    .map((node) => {
      const box = node.getBoundingClientRect();
      return `${node.tagName.toLowerCase()}.${node.getAttribute('class') ?? ''} ${Math.round(box.width)}×${Math.round(box.height)}: ${(node.textContent || node.name || '').trim().slice(0, 30)}`;
    }));
  none(found, `too small to tap on ${page.url()}`);
}

/** All of it: sideways scrolling and axe; on the phone the size of what is tapped too. */
export async function sound(page, options = {}) {
  await noSidewaysScroll(page);
  await axe(page, options);
  if (page.viewportSize().width < 600) await touchTargets(page);
}

/**
 * Counts the taps of the thumb from now on, over changes of page too. `taps.count` is the number so far.
 * Keys are not taps: a line of text is one thing to write.
 */
export async function countTaps(page) {
  const taps = { count: 0, on: [] };
  const count = (what) => { taps.count += 1; taps.on.push(what); };
  await page.exposeBinding('tongxingTap', (_, what) => count(what));
  const listen = () => {
    if (window.tongxingListens) return;
    window.tongxingListens = true;
    document.addEventListener('pointerdown', (event) => {
      const node = event.target.closest?.('a, button, label, input, textarea, summary') ?? event.target;
      if (event.isTrusted) window.tongxingTap((node.textContent || node.name || node.tagName).trim().slice(0, 20));
    }, { capture: true });
  };
  await page.addInitScript(listen);
  await page.evaluate(listen);
  return taps;
}

/** The logged-in page's own API, with the cookies of the page: `await api(page, '/api/v1/me')`. */
export async function api(page, address, options = {}) {
  const answer = await page.context().request.fetch(address, options);
  const text = await answer.text();
  try { return { status: answer.status(), body: JSON.parse(text) }; } catch { return { status: answer.status(), body: text }; }
}

export { assert };
