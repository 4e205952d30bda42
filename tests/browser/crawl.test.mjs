// Whatever a page shows to press can be pressed: every link, sheet, pop-over and form that a role is shown
// leads somewhere, no page scrolls sideways on the phone, and none has an error on the console.
// A page is known by its shape: the address with ids left out, and of the query only what chooses another view.

import { site, noSidewaysScroll, ROLES, assert } from './harness.mjs';

const it = site({ writes: false });

/** Parts of the query that choose another view; of all others the name alone counts. */
const VIEWS = new Set(['view', 'tab', 'side', 'style', 'form', 'do', 'pop']);
/** Where a crawl begins. All else has to be reached by what is shown. */
const START = ['/', '/me'];

/** The address without ids, codes and values. */
function shape(url) {
  const path = url.pathname
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*')
    .replace(/^\/figures\/.+/, '/figures/*')
    .replace(/^\/classes\/[^/]+\//, '/classes/*/');
  const query = [...url.searchParams].map(([name, value]) => (VIEWS.has(name) ? `${name}=${value}` : name));
  return `${path}?${[...new Set(query)].sort().join('&')}`;
}

const plain = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return found && plain(found[1]);
};

/** The address to which a form leads that asks for a page, sent as it stands. */
function asked(action, inside) {
  const to = new URL(action);
  for (const [tag] of inside.matchAll(/<input\s[^>]*>/g)) {
    const name = attribute(tag, 'name');
    const ticked = !/type="(radio|checkbox)"/.test(tag) || /\schecked/.test(tag);
    if (name && ticked) to.searchParams.set(name, attribute(tag, 'value') ?? '');
  }
  for (const [, open, options] of inside.matchAll(/(<select\s[^>]*>)([^]*?)<\/select>/g)) {
    const chosen = /<option[^>]*\sselected[^>]*>/.exec(options) ?? /<option[^>]*>/.exec(options);
    if (chosen) to.searchParams.set(attribute(open, 'name'), attribute(chosen[0], 'value') ?? '');
  }
  return to;
}

/** Links, sheets and forms of a page as the server drew it. */
function shown(html, at) {
  const links = [];
  for (const [tag] of html.matchAll(/<a\s[^>]*>/g)) {
    const href = attribute(tag, 'href');
    if (!href || /^(#|tel:|sms:|mailto:|data:)/.test(href)) continue;
    const to = new URL(href, at);
    to.hash = '';
    links.push(to);
    if (/\sdata-(pop|sheet)/.test(tag)) {
      const piece = new URL(to);
      piece.searchParams.set('pop', '1');
      links.push(piece);
    }
  }
  const posts = [];
  for (const [, tag, inside] of html.matchAll(/(<form\s[^>]*>)([^]*?)<\/form>/g)) {
    const action = new URL(attribute(tag, 'action') ?? '', at);
    if (attribute(tag, 'method') === 'post') posts.push(action);
    else links.push(asked(action, inside));
    for (const [button] of inside.matchAll(/<button\s[^>]*formaction[^>]*>/g)) posts.push(new URL(attribute(button, 'formaction'), at));
  }
  return { links, posts };
}

/** Roles that have looked at a page of this shape in the browser. */
const looked = new Map();

async function crawl(page, role) {
  const { request } = page;
  const wrong = [];
  const seen = new Set();
  const posts = new Map();
  const look = [];
  const queue = START.map((path) => [new URL(path, it.url), 'the start']);
  while (queue.length) {
    const [url, from] = queue.shift();
    const key = shape(url);
    if (seen.has(key)) continue;
    seen.add(key);
    if (url.origin !== it.url) { wrong.push(`${from} leads away to ${url.origin}`); continue; }
    const address = url.pathname + url.search;
    const answer = await request.get(address);
    if (answer.status() >= 400) { wrong.push(`${answer.status()} ${address} shown on ${from}`); continue; }
    if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    const html = await answer.text();
    const found = shown(html, url);
    for (const to of found.links) queue.push([to, address]);
    for (const to of found.posts) if (!posts.has(shape(to))) posts.set(shape(to), [to, address]);
    const path = key.split('?')[0];
    if (!url.searchParams.has('pop') && !look.some(([p]) => p === path)) look.push([path, address]);
  }
  // A form without the page's token changes nothing; that this is what is wrong with it shows that the route is there for the role.
  for (const [to, from] of posts.values()) {
    if (to.pathname === '/logout') continue;
    const answer = await request.post(to.pathname + to.search, { form: { csrf: 'none' }, headers: { origin: it.url } });
    const text = await answer.text();
    if (answer.status() !== 403 || !text.includes('页面过期了')) wrong.push(`${answer.status()} to the form ${to.pathname} shown on ${from}`);
  }
  // Three roles see each page in the browser: enough for what differs between them.
  for (const [path, address] of look) {
    const roles = looked.get(path) ?? [];
    if (roles.length >= 3) continue;
    looked.set(path, [...roles, role]);
    const before = page.wrong.errors.length;
    await page.goto(address);
    await noSidewaysScroll(page).catch((error) => wrong.push(error.message));
    for (const error of page.wrong.errors.slice(before)) wrong.push(`on the console of ${address}: ${error}`);
  }
  return { wrong, pages: seen.size, posts: posts.size };
}

for (const role of ROLES) {
  const of = ['admin', 'county'].includes(role) ? role : `${role}@S5`;
  it.test(`everything that is shown to ${role} can be pressed`, { device: 'phone', role: of }, async (page) => {
    const { wrong, pages, posts } = await crawl(page, role);
    assert.deepEqual(wrong, [], `${wrong.length} of ${pages} pages and ${posts} forms`);
    assert.ok(pages > 10 && posts > 2, `the crawl found ${pages} pages and ${posts} forms`);
  });
}
