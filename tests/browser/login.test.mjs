// Screen 2, the login: what a person sees and what the address answers.

import { site, signIn, sound, noSidewaysScroll, assert } from './harness.mjs';

const it = site();
/** Chromium notes each answer of 4xx on the console. */
const refused = /status of 4(01|29)/;

it.both('the login page holds', {}, async (page) => {
  const answer = await page.goto('/login');
  assert.equal(answer.status(), 200);
  await sound(page);
  // At the largest of the three text sizes nothing is cut either.
  await page.evaluate(() => { document.documentElement.style.fontSize = '130%'; });
  await noSidewaysScroll(page);
});

it.both('a password manager knows the fields', {}, async (page) => {
  await page.goto('/login');
  assert.equal(await page.getAttribute('input[name=username]', 'autocomplete'), 'username');
  assert.equal(await page.getAttribute('input[name=password]', 'autocomplete'), 'current-password');
  assert.equal(await page.getAttribute('input[name=password]', 'type'), 'password');
  assert.equal(await page.locator('form[action^="/login"][method=post] input[name=csrf]').count(), 1);
});

it.both('a wrong password and an unknown name get the same words', { allow: [refused] }, async (page) => {
  const { user } = await it.loginOf('class_teacher');
  const words = [];
  for (const name of [user, '没有这个人']) {
    await page.goto('/login');
    const answer = await signIn(page, name, '这不是密码-4711');
    assert.equal(answer.status(), 401);
    const text = await page.locator('main, body').first().innerText();
    words.push(text.replaceAll(name, '…'));
    assert.equal(await page.locator('input[name=password]').inputValue(), '', 'a password is not sent back');
    await sound(page);
  }
  assert.equal(words[0], words[1]);
  const plain = await page.context().newPage();
  await plain.goto('/login');
  const before = await plain.locator('main, body').first().innerText();
  assert.notEqual(words[0], before, 'the page says that it was wrong');
});

it.both('Enter signs in and leads to Today', {}, async (page) => {
  const { user, password } = await it.loginOf('class_teacher');
  await page.goto('/login');
  const answer = await signIn(page, user, password);
  assert.equal(answer.status(), 303);
  assert.equal(new URL(page.url()).pathname, '/');
  assert.ok(await page.locator('input[name=csrf]').count() > 0, 'a signed-in page carries csrf');
  const session = (await page.context().cookies()).find((cookie) => cookie.httpOnly);
  assert.ok(session, 'the session is out of reach of scripts');
  assert.equal(session.sameSite, 'Lax');
});

it.both('one lands on the page asked for', {}, async (page) => {
  const { user, password } = await it.loginOf('head');
  await page.goto('/children?q=a');
  assert.equal(new URL(page.url()).pathname, '/login', 'a stranger is led to the login');
  await signIn(page, user, password);
  const landed = new URL(page.url());
  assert.equal(landed.pathname + landed.search, '/children?q=a');
});

it.test('another site is no page asked for', {}, async (page) => {
  await page.goto('/children');
  const asked = [...new URL(page.url()).searchParams].find(([, value]) => value === '/children');
  assert.ok(asked, 'the address of the login names the page asked for');
  const { user, password } = await it.loginOf('head');
  for (const target of ['https://example.invalid/', '//example.invalid/', '/\\example.invalid/']) {
    const fresh = await it.page('desktop');
    await fresh.goto(`/login?${asked[0]}=${encodeURIComponent(target)}`);
    await signIn(fresh, user, password);
    assert.equal(new URL(fresh.url()).origin, it.url);
  }
});

it.test('the sixth failure waits', { allow: [refused] }, async (page) => {
  const { user } = await it.loginOf('helper');
  const statuses = [];
  for (let n = 0; n < 7; n += 1) {
    await page.goto('/login');
    statuses.push((await signIn(page, user, `falsch-${n}`)).status());
  }
  assert.deepEqual(statuses.slice(0, 5), [401, 401, 401, 401, 401]);
  assert.equal(statuses[6], 429);
  assert.match(await page.locator('body').innerText(), /\d+\s*(分|秒|min|sec)/, 'it says how long');
  // The office behind the same address is not stopped by one forgotten password.
  const other = await it.page('desktop');
  const { user: another, password } = await it.loginOf('head');
  await other.goto('/login');
  assert.equal((await signIn(other, another, password)).status(), 303);
});

it.test('signing out ends the session on the server', { allow: [refused] }, async (page) => {
  const { user, password } = await it.loginOf('class_teacher');
  await page.goto('/login');
  await signIn(page, user, password);
  const cookies = await page.context().cookies();
  const csrf = await page.locator('input[name=csrf]').first().inputValue();
  const answer = await page.context().request.post('/logout', { form: { csrf }, maxRedirects: 0 });
  assert.ok([200, 303].includes(answer.status()), `answered with ${answer.status()}`);
  // The old cookie, kept by somebody, opens nothing any more.
  await page.context().addCookies(cookies);
  await page.goto('/');
  assert.equal(new URL(page.url()).pathname, '/login');
});
