/* 童行: what a script adds. Everything works without it; nothing here knows a kind, a field or a rule.

   Attributes that pages use (all optional):
   a[data-sheet]        opens the address as a sheet over the page: fetched with ?pop=1&back=HERE
   a[data-swap]         inside a sheet: the address takes the sheet's place, what is typed stays as a draft
   a[data-close]        closes the sheet it stands in
   a[data-pop]          opens the address in a pop-over (phone: at the bottom): fetched with ?pop=1
   a[data-trace]        the same, in #trace where that is beside the paper
   [data-grid]          calendar: arrows move among its a[data-state], Enter opens, R records
   form[data-once]      a second tap is the same request; the button says body[data-saving]
   form[data-draft=KEY] kept on this device at each keystroke until it is saved, and sent without leaving the page:
                        2xx page = saved, takes the place of this one; 4xx page with a .sheet or form = shown with its faults;
                        anything else = 没存上，字还在
   textarea[data-grow]  grows with its text
   button[data-count]   "存好 {n} 人": n = ticks named child;  [data-each=ID] is shown while that child is ticked
   input[data-filter=S] narrows the elements S by their text
   input[data-suggest=URL] asks URL?q=…&pop=1 while typing;  [data-slash] is where / goes
   [data-print] prints; [data-copy=S] copies the text of S; [data-show=S] shows a password
   [data-beside]        孩子在旁: hides .private until it is switched back
   [data-errors]        list of faults: the first wrong field gets the focus
   [data-offline]       says when there is no network
   select[data-auto]    sends its form when it changes
   .toast goes after 6 s, stays while focused; .js is shown only with a script. */

const root = document.documentElement;
const zh = () => root.lang !== 'en';
const say = (a, b) => (zh() ? a : b);
const $ = (s, at = document) => at.querySelector(s);
const $$ = (s, at = document) => [...at.querySelectorAll(s)];
const make = (tag, cls, text) => {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  if (text) e.textContent = text;
  return e;
};
const who = () => document.body.dataset.who || '';
const calm = () => matchMedia('(prefers-reduced-motion:reduce)').matches;
const wide = () => matchMedia('(min-width:600px)').matches;
const store = {
  get(k) { try { return localStorage.getItem(k); } catch { return null; } },
  set(k, v) { try { localStorage.setItem(k, v); } catch { /* full or forbidden: the page still works */ } },
  del(k) { try { localStorage.removeItem(k); } catch { /* as above */ } },
  keys() { try { return Object.keys(localStorage); } catch { return []; } },
};

/** The address as a fragment. Only this site's own pages are ever asked for. */
function fragment(href, more = {}) {
  const u = new URL(href, location.href);
  if (u.origin !== location.origin) return null;
  u.searchParams.set('pop', '1');
  for (const [k, v] of Object.entries(more)) u.searchParams.set(k, v);
  u.hash = '';
  return u;
}
async function ask(u, init = {}) {
  const r = await fetch(u, { credentials: 'same-origin', ...init, headers: { Accept: 'text/html', 'X-Requested-With': 'fetch', ...(init.headers || {}) } });
  const html = (r.headers.get('content-type') || '').startsWith('text/html');
  return { r, doc: html ? new DOMParser().parseFromString(await r.text(), 'text/html') : null };
}
/** What a fragment or a whole page has to show. */
const content = (doc) => $('#main', doc) || doc.body;

/* ---- drafts ---- */
const draftKey = (f) => `tx:draft:${who()}:${f.dataset.draft}`;
// the day is no part of it: what was kept yesterday would be stored under a day that nobody sees
const kept = (e) => e.name && !e.disabled && !['csrf', 'key', 'on'].includes(e.name) && !['hidden', 'password', 'file', 'submit', 'button'].includes(e.type);
function keep(f) {
  const out = {};
  for (const e of f.elements) {
    if (!kept(e)) continue;
    if (e.type === 'checkbox' || e.type === 'radio') {
      out[e.name] = out[e.name] || [];
      if (e.checked) out[e.name].push(e.value);
    } else out[e.name] = [e.value];
  }
  store.set(draftKey(f), JSON.stringify({ at: Date.now(), v: out }));
}
function restore(f) {
  const text = store.get(draftKey(f));
  // a page that comes back with faults carries its own words
  if (!text || $('[data-errors]', f)) return;
  let d;
  try { d = JSON.parse(text); } catch { return store.del(draftKey(f)); }
  if (!d.v || Date.now() - d.at > 30 * 86400e3) return store.del(draftKey(f));
  for (const e of f.elements) {
    if (!kept(e) || !Array.isArray(d.v[e.name])) continue;
    if (e.type === 'checkbox' || e.type === 'radio') e.checked = d.v[e.name].includes(e.value);
    else if (e.tagName !== 'SELECT' || [...e.options].some((o) => o.value === d.v[e.name][0])) e.value = d.v[e.name][0] || '';
  }
}
const drafts = () => store.keys().filter((k) => k.startsWith(`tx:draft:${who()}:`));

/* ---- one tap, one request ---- */
function busy(f, by) {
  f.dataset.busy = '1';
  const b = by && by.tagName === 'BUTTON' ? by : $('button[type=submit],button:not([type])', f);
  if (!b) return;
  b.setAttribute('aria-busy', 'true');
  if (b.classList.contains('b1')) {
    b.dataset.was = b.textContent;
    b.textContent = document.body.dataset.saving || say('正在存…', 'Saving…');
  }
}
function idle(f) {
  delete f.dataset.busy;
  for (const b of $$('[aria-busy]', f)) {
    b.removeAttribute('aria-busy');
    if (b.dataset.was) b.textContent = b.dataset.was;
  }
}
document.addEventListener('submit', (ev) => {
  const f = ev.target;
  if (f.matches('[action="/logout"]')) for (const k of drafts()) store.del(k);
  if (!f.matches('[data-once]')) return;
  if (f.dataset.busy) return ev.preventDefault();
  const by = ev.submitter;
  if (f.dataset.draft || f.closest('.over')) {
    ev.preventDefault();
    send(f, by);
  } else setTimeout(() => busy(f, by)); // after the button's own value has been taken
});
addEventListener('pageshow', (ev) => { if (ev.persisted) $$('form[data-busy]').forEach(idle); });

async function send(f, by) {
  const data = new FormData(f);
  if (by && by.name) data.append(by.name, by.value);
  const body = f.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
  const draft = f.dataset.draft ? draftKey(f) : '';
  busy(f, by);
  let a;
  try { a = await ask(f.action, { method: 'POST', body }); } catch { a = null; }
  if (a && a.doc && $('.login', a.doc)) return refused(f, say('要重新登录，字还在', 'Sign in again; your words are kept'), '', '/login?next=' + encodeURIComponent(location.pathname + location.search));
  if (a && a.r.ok && a.doc) {
    if (draft) store.del(draft);
    return arrive(a.r.url, a.doc);
  }
  if (a && a.doc && a.r.status < 500) {
    const sheet = f.closest('.sheet');
    const fresh = $('.sheet', a.doc) || $('form', content(a.doc));
    if (fresh && (sheet || f)) {
      const old = sheet || f;
      old.replaceWith(fresh);
      // the form that came back may keep its words under another name
      const next = fresh.matches('form') ? fresh : $('form[data-draft]', fresh);
      if (draft && next && next.dataset.draft && draftKey(next) !== draft) { store.del(draft); keep(next); }
      return start(fresh);
    }
  }
  idle(f);
  refused(f, say('没存上，字还在', 'Not saved; your words are kept'), (a && (a.r.headers.get('x-request-id') || a.r.status)) || '');
}
/** Says what happened and what is safe, above the button that was pressed. */
function refused(f, title, code, href) {
  idle(f);
  $$('.er.net', f).forEach((e) => e.remove());
  const box = make('div', 'er net');
  box.setAttribute('role', 'alert');
  box.append(make('b', '', title));
  const p = make('p', '', navigator.onLine ? say('再按一次就行，同一条不会存两遍。', 'Press again: the same record is never stored twice.') : say('没有网络。字都在这台设备里，有网再按一次。', 'No network. The words are on this device; press again when it is back.'));
  if (code) p.append(` ${say('编号', 'Number')} ${code}`);
  box.append(p);
  if (href) {
    const l = make('a', 'btn b2', say('去登录', 'Sign in'));
    l.href = href;
    box.append(l);
  }
  const foot = $('.ft', f);
  if (foot) foot.before(box); else f.append(box);
  box.scrollIntoView({ block: 'nearest' });
}
/** The page after a save takes the place of this one; its rows and pebbles are already right. */
async function arrive(url, doc) {
  const here = new URL(url, location.href).pathname === location.pathname;
  shut(true);
  const going = here ? $$('[data-duty]').filter((r) => r.id && !doc.getElementById(r.id)) : [];
  if (going.length && !calm()) {
    going.forEach((r) => r.classList.add('gone'));
    await new Promise((ok) => setTimeout(ok, 130));
  }
  const at = here ? scrollY : 0;
  document.title = doc.title;
  document.body.replaceWith(doc.body);
  if (here) history.replaceState(null, '', url); else history.pushState(null, '', url);
  scrollTo(0, at);
  start(document.body);
}

/* ---- sheets ---- */
let back = null;
async function sheet(link) {
  const u = fragment(link.href, { back: location.pathname + location.search });
  if (!u) return;
  link.setAttribute('aria-busy', 'true');
  try {
    const { r, doc } = await ask(u);
    if (!r.ok || !doc || $('.login', doc)) throw new Error('page');
    cover(content(doc), link);
  } catch { location.href = link.href; } finally { link.removeAttribute('aria-busy'); }
}
function cover(from, opener) {
  closePop();
  let over = $('.over');
  if (!over) {
    over = make('div', 'over');
    const d = make('div');
    d.setAttribute('role', 'dialog');
    d.setAttribute('aria-modal', 'true');
    d.tabIndex = -1;
    over.append(d);
    document.body.append(over);
    back = opener;
    root.classList.add('covered');
    history.pushState({ sheet: 1 }, '');
  }
  const d = over.firstChild;
  d.replaceChildren(...from.childNodes);
  const h = $('h1', d);
  if (h) d.setAttribute('aria-label', h.textContent);
  start(d);
  d.focus({ preventScroll: true });
  d.scrollTop = 0;
}
function shut(quiet) {
  const over = $('.over');
  if (!over) return;
  over.remove();
  root.classList.remove('covered');
  if (!quiet && history.state && history.state.sheet) history.back();
  else if (quiet && history.state && history.state.sheet) history.replaceState(null, '');
  if (back && back.isConnected) back.focus();
  back = null;
}
addEventListener('popstate', () => { if ($('.over')) shut(true); });

/* ---- pop-over ---- */
let popped = null;
function closePop() {
  const p = $('.pop');
  if (!p) return;
  (p.closest('.over') || p).remove();
  if (popped && popped.isConnected) popped.focus();
  popped = null;
}
async function pop(link) {
  const u = fragment(link.getAttribute('href'));
  if (!u) return;
  try {
    const { r, doc } = await ask(u);
    if (!r.ok || !doc || $('.login', doc)) throw new Error('page');
    closePop();
    const box = make('div', 'pop');
    if ($('.cellpop.late', doc)) box.classList.add('late');
    box.append(...content(doc).childNodes);
    box.setAttribute('role', 'dialog');
    box.tabIndex = -1;
    const over = $('.over>div');
    if (wide() && !over) {
      document.body.append(box);
      const a = link.getBoundingClientRect();
      const w = box.offsetWidth, h = box.offsetHeight;
      let x = a.right + 14;
      if (x + w > innerWidth - 8) x = a.left - w - 14;
      if (x < 8) x = Math.max(8, Math.min(a.left, innerWidth - w - 8));
      const beside = x > a.right || x + w < a.left;
      let y = beside ? a.top - 24 : a.bottom + 8;
      if (y + h > innerHeight - 8) y = beside ? innerHeight - h - 8 : a.top - h - 8;
      box.style.left = `${x + scrollX}px`;
      box.style.top = `${Math.max(8, y) + scrollY}px`;
    } else {
      const bottom = make('div', 'over');
      bottom.append(box);
      document.body.append(bottom);
    }
    popped = link;
    start(box);
    box.focus({ preventScroll: true });
    return box;
  } catch { location.href = link.getAttribute('href'); }
}
async function trace(link) {
  const side = $('#trace');
  if (!side || getComputedStyle(side).borderTopStyle !== 'none') return pop(link);
  try {
    const { r, doc } = await ask(fragment(link.href));
    if (!r.ok || !doc) throw new Error('page');
    const fresh = $('.trace', doc);
    const old = $('.trace', side) || $('p', side);
    if (old) old.replaceWith(fresh); else side.prepend(fresh);
    $$('.pp .v.on').forEach((v) => v.classList.remove('on'));
    link.classList.add('on');
    side.scrollTop = 0;
  } catch { location.href = link.href; }
}

/* ---- taps ---- */
document.addEventListener('click', (ev) => {
  const t = ev.target.closest ? ev.target : null;
  if (!t || ev.button || ev.metaKey || ev.ctrlKey || ev.shiftKey || ev.altKey) return;
  for (const d of $$('details.menu[open],details.more[open],details.wd[open],details.when[open]')) if (!d.contains(t)) d.open = false;
  if ($('.pop') && !t.closest('.pop')) closePop();
  else if (t.classList.contains('over')) return shut();
  const hit = t.closest('a,button');
  if (!hit) return;
  const has = (n) => hit.hasAttribute(n);
  if (has('data-close') && hit.closest('.over')) { ev.preventDefault(); return shut(); }
  if (has('data-swap') && hit.closest('.over')) { ev.preventDefault(); return sheet(hit); }
  if (has('data-sheet')) { ev.preventDefault(); return sheet(hit); }
  if (has('data-trace')) { ev.preventDefault(); return trace(hit); }
  if (has('data-pop') || (has('data-state') && hit.closest('[data-grid]'))) { ev.preventDefault(); return pop(hit); }
  if (hit.hash && hit.pathname === location.pathname) { const d = $(`details${hit.hash.replace(/[^\w#-]/g, '')}`); if (d) d.open = true; }
  if (has('data-print')) return print();
  if (has('data-copy')) return copy(hit);
  if (has('data-show')) {
    const i = $(hit.dataset.show);
    i.type = i.type === 'password' ? 'text' : 'password';
    hit.setAttribute('aria-pressed', String(i.type === 'text'));
  }
  if (has('data-beside')) beside(!root.classList.contains('beside'));
});
async function copy(b) {
  const from = $(b.dataset.copy);
  try {
    await navigator.clipboard.writeText(from.value || from.textContent.trim());
    note(say('复制好了', 'Copied'));
  } catch { getSelection().selectAllChildren(from); }
}
function beside(on) {
  root.classList.toggle('beside', on);
  store.set('tx:beside', on ? '1' : '0');
  $$('[data-beside]').forEach((b) => b.setAttribute('aria-pressed', String(on)));
}
function note(text) {
  const box = $('#toasts');
  if (!box) return;
  const t = make('div', 'toast');
  t.append(make('span', '', text));
  box.replaceChildren(t);
  fade(t);
}
function fade(t) {
  const go = () => (t.matches(':hover') || t.contains(document.activeElement) ? setTimeout(go, 2000) : t.remove());
  setTimeout(go, 6000);
}

/* ---- keys ---- */
document.addEventListener('keydown', (ev) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (ev.key === 'Escape') {
    if ($('.pop')) return closePop();
    const open = $$('details.menu[open],details.more[open],details.wd[open],details.when[open]').pop();
    if (open) { open.open = false; return $('summary', open).focus(); }
    if ($('.sbox .hits')) return $$('.sbox .hits').forEach((h) => h.remove());
    return shut();
  }
  if (ev.key === 'Tab' && $('.over')) return trap(ev, $('.over'));
  if (ev.metaKey || ev.ctrlKey || ev.altKey) return;
  if (ev.key === '/' && !typing) {
    const box = $$('[data-slash]').find((e) => e.offsetParent);
    if (box) { ev.preventDefault(); box.focus(); box.select(); }
    return;
  }
  const cell = document.activeElement.closest && document.activeElement.closest('[data-grid] a[data-state]');
  if (cell && !typing) return grid(ev, cell);
  const hits = document.activeElement.closest && document.activeElement.closest('.sbox');
  if (hits && (ev.key === 'ArrowDown' || ev.key === 'ArrowUp')) {
    const all = [$('input', hits), ...$$('.hits a', hits)];
    const i = all.indexOf(document.activeElement) + (ev.key === 'ArrowDown' ? 1 : -1);
    if (all[i]) { ev.preventDefault(); all[i].focus(); }
  }
});
function trap(ev, over) {
  const all = $$('a[href],button,input,textarea,select,summary', over).filter((e) => !e.disabled && e.getClientRects().length);
  if (!all.length) return;
  const last = all[all.length - 1];
  if (ev.shiftKey && (document.activeElement === all[0] || !over.firstChild.contains(document.activeElement))) { ev.preventDefault(); last.focus(); }
  else if (!ev.shiftKey && document.activeElement === last) { ev.preventDefault(); all[0].focus(); }
}
/** The nearest mark in a direction: left and right in the child's row, up and down in the nearest week. */
function grid(ev, cell) {
  const box = cell.closest('[data-grid]');
  if (ev.key === 'r' || ev.key === 'R') {
    ev.preventDefault();
    return pop(cell).then((p) => { const b = p && ($('.b1', p) || $('a[data-sheet]', p)); if (b) b.click(); });
  }
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[ev.key];
  if (!step) return;
  ev.preventDefault();
  const rows = new Map();
  for (const a of $$('a[data-state]', box)) {
    if (!rows.has(a.dataset.child)) rows.set(a.dataset.child, []);
    rows.get(a.dataset.child).push(a);
  }
  const list = [...rows.values()];
  const r = list.findIndex((x) => x.includes(cell));
  let to;
  if (step[1]) {
    const row = list[r].slice().sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left);
    to = row[row.indexOf(cell) + step[1]];
  } else if (list[r + step[0]]) {
    const x = cell.getBoundingClientRect().left;
    const far = (a) => Math.abs(a.getBoundingClientRect().left - x);
    to = list[r + step[0]].reduce((a, b) => (far(b) < far(a) ? b : a));
  }
  if (to) {
    cell.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }
}

/* ---- typing ---- */
let waiting = 0;
document.addEventListener('input', (ev) => {
  const e = ev.target;
  if (e.form && e.form.dataset.draft) keep(e.form);
  if (e.matches('textarea[data-grow]')) grow(e);
  if (e.name === 'child' && e.form) count(e.form);
  if (e.matches('[data-filter]')) {
    const q = e.value.trim().toLowerCase();
    for (const x of $$(e.dataset.filter)) x.hidden = q !== '' && !x.textContent.toLowerCase().includes(q);
  }
  if (e.matches('[data-suggest]')) {
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest(e), 180);
  }
});
document.addEventListener('change', (ev) => {
  if (ev.target.matches('select[data-auto]')) ev.target.form.requestSubmit ? ev.target.form.requestSubmit() : ev.target.form.submit();
});
async function suggest(e) {
  const q = e.value.trim();
  const box = e.closest('.sbox');
  $$('.hits', box).forEach((h) => h.remove());
  if (!q) return;
  try {
    const { r, doc } = await ask(fragment(e.dataset.suggest, { q }));
    const hits = doc && $('.hits', doc);
    if (r.ok && hits && e.value.trim() === q) { $$('.hits', box).forEach((h) => h.remove()); box.append(hits); }
  } catch { /* the form itself still works */ }
}
function grow(t) {
  t.style.height = 'auto';
  t.style.height = `${t.scrollHeight + 3}px`;
}
function count(f) {
  const n = $$('input[name=child]:checked', f);
  for (const b of $$('[data-count]', f)) {
    if (!b.dataset.plain) b.dataset.plain = b.textContent;
    b.textContent = n.length ? b.dataset.count.replace('{n}', n.length) : b.dataset.plain;
  }
  const on = new Set(n.map((i) => i.value));
  for (const e of $$('[data-each]', f)) e.hidden = !on.has(e.dataset.each);
}

/* ---- the start of a page or of a part of it ---- */
function online() {
  for (const o of $$('[data-offline]')) {
    o.hidden = navigator.onLine;
    o.className = 'strip info';
    const n = drafts().length;
    o.textContent = say('没有网络', 'No network') + (n ? say(` · ${n} 条草稿在手机里，一个字不会丢`, ` · ${n} drafts are on this device, nothing is lost`) : '');
  }
}
addEventListener('online', online);
addEventListener('offline', online);

function start(at) {
  root.classList.add('script');
  for (const f of $$('form[data-draft]', at)) {
    restore(f);
    count(f);
  }
  $$('textarea[data-grow]', at).forEach((t) => { if (t.value) grow(t); });
  $$('.toast', at).forEach(fade);
  for (const g of $$('[data-grid]', at)) {
    const all = $$('a[data-state]', g);
    all.forEach((a, i) => { a.setAttribute('tabindex', i ? '-1' : '0'); });
  }
  const wrong = $('[data-errors]', at);
  if (wrong) {
    const f = wrong.closest('form') || document;
    const first = $('[aria-invalid=true]', f) || wrong;
    first.focus();
  }
  if (store.get('tx:beside') === '1' || root.classList.contains('beside')) beside(true);
  online();
}
start(document);
