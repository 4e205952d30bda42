/* The tablet's page without a network: the page as it was last, and its files. Everything is asked of the server first. */
const KEPT = 'room-1';
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (e) => {
  const u = new URL(e.request.url);
  const page = u.pathname === '/tablet';
  if (e.request.method !== 'GET' || u.origin !== location.origin || !(page || u.pathname.startsWith('/a/'))) return;
  // one page, whatever was asked of it
  const key = page ? '/tablet' : u.pathname;
  e.respondWith((async () => {
    const kept = await caches.open(KEPT);
    try {
      const r = await fetch(e.request);
      if (r.ok && r.type === 'basic' && !r.redirected) await kept.put(key, r.clone());
      return r;
    } catch (gone) {
      const old = await kept.match(key);
      if (old) return old;
      throw gone;
    }
  })());
});
