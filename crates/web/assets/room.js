/* The tablet at the door. The page works as plain forms; this makes it quick and lets it go on without a network.
   Each tap is kept on the tablet under an id of its own before anything is sent, goes to the server in the order of the taps,
   and leaves the tablet only when the server says that it is stored. Sent twice it is the same row there. */
(() => {
  const body = document.body;
  const { room, token, csrf } = body.dataset;
  if (!room) return;
  const $ = (s, at = document) => at.querySelector(s);
  const $$ = (s, at = document) => [...at.querySelectorAll(s)];
  const zh = document.documentElement.lang !== 'en';
  const say = (a, b) => (zh ? a : b);
  const panel = $('.p');
  const form = $('.p form');
  const words = { tap: $('.p h2').textContent, ask: $('.ask').textContent };
  const IDLE = 20000;
  const EVERY = 15000;

  // ── the queue ──
  const TAP = `tap.${room}.`;
  const LOOK = `look.${room}.`;
  /** What could not be put into the tablet's store waits here. */
  const held = new Map();
  const stored = (prefix) => {
    try { return Object.keys(localStorage).filter((k) => k.startsWith(prefix)); } catch { return []; }
  };
  const put = (prefix, one) => {
    try { localStorage.setItem(prefix + one.id, JSON.stringify(one)); } catch { held.set(prefix + one.id, one); }
  };
  const drop = (id) => {
    held.delete(TAP + id);
    try { localStorage.removeItem(TAP + id); } catch { /* it was never there */ }
  };
  /** All taps that wait, in their order: the ids sort by time. */
  const waiting = () => {
    const all = new Map();
    for (const k of stored(TAP)) { try { all.set(k, JSON.parse(localStorage.getItem(k))); } catch { /* not ours */ } }
    for (const [k, v] of held) if (k.startsWith(TAP)) all.set(k, v);
    return [...all.keys()].sort().map((k) => all.get(k)).filter(Boolean);
  };
  /** A UUID of version 7; those of one moment count up. */
  let last = 0;
  let count = 0;
  const fresh = () => {
    const now = Date.now();
    if (now > last) { last = now; count = 0; } else if (++count > 0xfff) { last += 1; count = 0; }
    const rest = [...crypto.getRandomValues(new Uint8Array(8))].map((b, i) => (i ? b : (b & 0x3f) | 0x80).toString(16).padStart(2, '0')).join('');
    const time = last.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count.toString(16).padStart(3, '0')}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  };

  // ── what is shown ──
  let known = new Set(body.dataset.inside.split(' ').filter(Boolean));
  let chosen = null;
  const inside = () => {
    const here = new Set(known);
    for (const one of waiting()) if (one.act === 'in') here.add(one.child); else here.delete(one.child);
    return here;
  };
  const draw = () => {
    const here = inside();
    $('[data-count]').textContent = here.size;
    for (const a of $$('.tile')) a.classList.toggle('in', here.has(a.dataset.child));
  };
  const net = (off) => {
    const n = waiting().length;
    const look = stored(LOOK).length;
    const strip = $('.net');
    const text = [];
    if (off) text.push(n ? say(`没有网络，照样点。${n} 次记在这里，有网自动交。`, `No network; taps are kept here (${n}) and sent later.`) : say('没有网络，照样点。', 'No network; taps are kept here.'));
    if (look) text.push(say(`有 ${look} 次没记上，请老师看一眼。`, `${look} taps could not be stored; tell a teacher.`));
    strip.textContent = text.join(' ');
    strip.hidden = !text.length;
  };
  const start = (said) => {
    chosen = null;
    for (const a of $$('.tile[aria-current]')) a.removeAttribute('aria-current');
    panel.classList.add('wait');
    $('h2', panel).textContent = said || say('点一点自己的名字', 'Tap your name');
    $('.ask').textContent = words.ask;
    form.reset();
  };
  const choose = (tile) => {
    start();
    chosen = tile;
    tile.setAttribute('aria-current', 'true');
    const here = tile.classList.contains('in');
    $('h2', panel).textContent = $('b', tile).textContent + say('，你好', ', hello');
    $('.ask').textContent = here ? say('今天做了什么？', 'What did you do?') : say('今天想做什么？', 'What would you like to do?');
    $('.t use', panel).setAttribute('href', $('use', tile).getAttribute('href'));
    $('[value=in]', form).hidden = here;
    $('[value=out]', form).hidden = !here;
    panel.classList.remove('wait');
  };
  const open = (id) => {
    for (const a of $$('.cls a')) {
      const on = a.dataset.class === id;
      a.classList.toggle('on', on);
      if (on) a.setAttribute('aria-current', 'true'); else a.removeAttribute('aria-current');
    }
    for (const g of $$('.g')) g.hidden = g.dataset.of !== id;
    start();
    scrollTo(0, 0);
  };

  // ── sending ──
  const BATCH = 50;
  let busy = false;
  let again = false;
  let ended = false;
  const send = async () => {
    if (ended) return;
    if (busy) { again = true; return; }
    busy = true;
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 15000);
    let off = true;
    try {
      const list = waiting().slice(0, BATCH);
      const now = Date.now();
      const taps = list.map(({ id, child, act, did, at }) => ({ id, child, act, did, ago: Math.max(0, now - at) }));
      const r = await fetch('/tablet/taps', {
        method: 'POST', credentials: 'same-origin', signal: stop.signal, body: JSON.stringify({ token, taps }),
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
      });
      if (r.ok) {
        const a = await r.json();
        for (const id of a.done) drop(id);
        for (const { id, reason } of a.refused) {
          const one = list.find((t) => t.id === id);
          if (one) put(LOOK, { ...one, reason });
          drop(id);
        }
        known = new Set(a.inside);
        again = again || (list.length === BATCH);
        off = false;
      } else if (r.status === 401 || r.status === 403) {
        // stopped, or the page is of yesterday: the server's own page says what to do; what waits stays here
        ended = true;
        location.replace('/tablet');
        return;
      }
    } catch { /* no network: the taps wait */ } finally {
      clearTimeout(late);
      busy = false;
    }
    draw();
    net(off);
    if (again && !off) { again = false; send(); }
    again = false;
  };

  // ── taps ──
  let idle;
  const awake = () => { clearTimeout(idle); idle = setTimeout(() => start(), IDLE); };
  for (const e of ['pointerdown', 'keydown']) addEventListener(e, awake, { passive: true });
  document.addEventListener('click', (e) => {
    const a = e.target.closest('a');
    if (!a) return;
    if (a.dataset.class) { e.preventDefault(); open(a.dataset.class); }
    if (a.dataset.child) { e.preventDefault(); choose(a); }
    if (a.classList.contains('no')) { e.preventDefault(); start(); }
  });
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    if (!chosen) return;
    const act = chosen.classList.contains('in') ? 'out' : 'in';
    const did = $$('[name=did]:checked', form).map((i) => i.value);
    put(TAP, { id: fresh(), child: chosen.dataset.child, act, did, at: Date.now() });
    draw();
    start(act === 'in' ? say('进来了，玩得开心！', 'You are in. Enjoy!') : say('出来了，明天见！', 'You are out. See you!'));
    send();
  });
  const tick = () => {
    const now = new Date();
    $('.hd time').textContent = `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`;
  };
  setInterval(tick, 10000);
  setInterval(send, EVERY);
  addEventListener('online', send);
  addEventListener('offline', () => net(true));

  // the page came with a child chosen, or with a word of what was done
  const first = $('.tile[aria-current]');
  if (first) choose(first); else start(words.tap);
  draw();
  send();
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/tablet/worker.js', { scope: '/tablet' }).catch(() => { /* without it the open page still works */ });
})();
