// Pictures of every view of the client for people who design it: ./dev browser --shots DIR.  Not a test: nothing is compared.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { base, closeBrowser, withPage } from './browser.mjs';
import { api, signIn, toot } from './client.mjs';

const { SHOTS, PEOPLE, TOKEN, ONLY } = process.env;
const people = JSON.parse(PEOPLE); // [{ name, token }]
mkdirSync(SHOTS, { recursive: true });

async function picture(page, colours, width, height, text = '') {
  await page.setViewportSize({ width, height });
  await page.setContent(`<body style="margin:0;background:linear-gradient(135deg,${colours});display:grid;place-items:center;height:100vh;font:700 ${height / 3}px sans-serif;color:#fff8">${text}`);
  return page.screenshot();
}

async function upload(path, field, bytes, token, more = {}, method = 'POST') {
  const form = new FormData();
  form.set(field, new Blob([bytes], { type: 'image/png' }), 'x.png');
  for (const [k, v] of Object.entries(more)) form.set(k, v);
  return (await fetch(new URL(path, base), { method, body: form, headers: { Authorization: `Bearer ${token}` } })).json();
}

const looks = [['Mira Lindqvist', '#c2410c,#facc15', 'Botanist, walker, reader of maps. I post about lichens and night trains.'], ['Jonas ⛵ Weber', '#0e7490,#67e8f9', 'Builds small boats. Mostly wood, sometimes software.'],
  ['Amélie Rousseau', '#7e22ce,#f0abfc', 'Traductrice. Livres, cafés, chats.'], ['Käthe & Co', '#166534,#bef264', 'A bakery that answers. Open from six.']];

async function seed(page) {
  for (const [i, p] of people.entries()) {
    const [name, colours, note] = looks[i];
    await upload('/api/v1/accounts/update_credentials', 'avatar', await picture(page, colours, 200, 200, name[0]), p.token, { display_name: name, note,
      'fields_attributes[0][name]': 'Home', 'fields_attributes[0][value]': 'https://example.com', 'fields_attributes[1][name]': 'Pronouns', 'fields_attributes[1][value]': 'they/them' }, 'PATCH');
    await upload('/api/v1/accounts/update_credentials', 'header', await picture(page, colours.split(',').reverse().join(), 900, 300), p.token, {}, 'PATCH');
    p.id = (await api('GET', '/api/v1/accounts/verify_credentials', undefined, p.token)).id;
    await api('POST', `/api/v1/accounts/${p.id}/follow`, {});
  }
  const [mira, jonas, amelie, kaethe] = people.map(p => p.token);
  const image = async (token, colours, w, h, description) => (await upload('/api/v2/media', 'file', await picture(page, colours, w, h), token, { description })).id;
  await toot('Good morning. The 05:12 was on time, the lake was silver, and nobody spoke until the second stop. #trains #morning', {}, mira);
  const root = await toot('What is the best way to store a wooden kayak over winter? Hanging, standing, or lying on its side?', { poll: { options: ['Hanging in slings', 'Standing on end', 'On its side', 'In the living room'], expires_in: 86400 } }, jonas);
  const mine = await toot('In slings, always. Two wide ones, at the bulkheads.', { in_reply_to_id: root.id });
  const deep = await toot('@dora And how wide is wide?', { in_reply_to_id: mine.id }, jonas);
  await toot('A hand and a half.', { in_reply_to_id: deep.id });
  await toot('Whose hand, though 🙂', { in_reply_to_id: deep.id }, kaethe);
  const other = await toot('Mine lives in the living room. The children think it is a sofa.', { in_reply_to_id: root.id }, amelie);
  await toot('That is the best answer so far.', { in_reply_to_id: other.id }, jonas);
  await toot('I would like to see a picture of the sofa.', { in_reply_to_id: other.id }, mira);
  const photos = await toot('Three from yesterday’s walk: the ridge, the bog, the very last light.', { media_ids: [await image(mira, '#1e3a8a,#f97316', 800, 600, 'A ridge at dusk, orange sky above blue hills'), await image(mira, '#365314,#a3e635', 800, 600, 'A bog with cotton grass'), await image(mira, '#4c1d95,#f472b6', 800, 600, '')] }, mira);
  await toot('Une seule image, mais la bonne.', { media_ids: [await image(amelie, '#0f172a,#38bdf8', 900, 600, 'La mer, la nuit')], language: 'fr' }, amelie);
  await toot('The recipe of the week: rye, water, salt, patience.', { spoiler_text: 'bread, at length' }, kaethe);
  await toot('Not for everybody.', { sensitive: true, media_ids: [await image(kaethe, '#7f1d1d,#fca5a5', 800, 500, 'A very red beetroot')] }, kaethe);
  const quoted = await toot('If you only follow one account about lichens, make it this one.', { quoted_status_id: photos.id }, jonas);
  await api('POST', `/api/v1/statuses/${photos.id}/reblog`, {}, kaethe);
  for (const t of [mira, jonas, amelie, kaethe]) await api('POST', `/api/v1/statuses/${mine.id}/favourite`, {}, t);
  await api('PUT', `/api/v1/statuses/${photos.id}/reactions/${encodeURIComponent('🔥')}`, {}, jonas);
  await api('PUT', `/api/v1/statuses/${photos.id}/reactions/${encodeURIComponent('❤️')}`, {});
  await api('POST', `/api/v1/statuses/${mine.id}/reblog`, {}, mira);
  await api('POST', `/api/v1/accounts/${(await api('GET', '/api/v1/accounts/verify_credentials')).id}/follow`, {}, amelie);
  await toot('@dora just between us: the sofa is going.', { visibility: 'direct' }, amelie);
  await api('POST', `/api/v1/statuses/${(await toot('Pinned: I am looking for people who like slow travel.', {}, mira)).id}/pin`, {}, mira).catch(() => undefined);
  const edited = await toot('Fresh rols at six.', {}, kaethe);
  await api('PUT', `/api/v1/statuses/${edited.id}`, { status: 'Fresh rolls at six, until they are gone.' }, kaethe);
  return { thread: `/@${people[1].name}/${root.id}`, reply: `/@dora/${mine.id}`, quoted: `/@${people[1].name}/${quoted.id}`, profile: `/@${people[0].name}` };
}

// What is being written, with everything in it.
async function compose(page, name) {
  await page.goto('/publish');
  await page.locator('#composer-text').fill('Three things that I learned about storing a kayak over the winter, with pictures.\n\nFirst: never on the floor.');
  await page.locator('.composer input[type=file]').setInputFiles(compose.pictures.map((buffer, i) => ({ name: `${i}.png`, mimeType: 'image/png', buffer })));
  await page.waitForFunction(() => document.querySelectorAll('.describe').length === 2);
  await page.locator('.do-thread').click();
  await page.locator('#composer-text-1').fill('Second: which of these do you have? Ask @jo');
  await page.locator('#composer-text-1').press('End');
  await page.locator('.composer-bar .icon-button').nth(1).click();
  await page.locator('.poll-answer input').first().fill('Slings');
  await page.screenshot({ path: join(SHOTS, `compose-${name}.png`), fullPage: true });
  await page.locator('.do-options').click();
  await page.locator('.do-emoji').click();
  await page.locator('.emoji-grid button').first().waitFor();
  await page.screenshot({ path: join(SHOTS, `compose-all-${name}.png`), fullPage: true });
  await page.locator('#composer-text-1').focus();
  await page.locator('#composer-text-1').press('Control+End');
  await page.locator('#composer-text-1').pressSequentially('n');
  await page.locator('.completion').waitFor();
  await page.locator('.completion').scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(SHOTS, `compose-complete-${name}.png`) });
  await page.locator('#composer-text-1').fill('x');
  await page.locator('.describe').first().click();
  await page.locator('.focal-picker').waitFor();
  await page.screenshot({ path: join(SHOTS, `compose-describe-${name}.png`) });
  await page.keyboard.press('Escape');
  await page.goto('/home');
  await page.locator('article.post').first().waitFor();
  await page.locator('article.post .do-reply').first().click();
  await page.locator('#composer-text').waitFor();
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(SHOTS, `compose-reply-${name}.png`) });
  await page.locator('.composer-bar .menu-anchor > button').click();
  await page.screenshot({ path: join(SHOTS, `compose-menu-${name}.png`) });
  await page.locator('[role=menuitem].danger').click();
  await page.goto('/publish/drafts');
  await page.locator('.kept, .empty').first().waitFor();
  await page.screenshot({ path: join(SHOTS, `drafts-${name}.png`) });
  for (const d of await api('GET', '/api/v1/drafts')) await api('DELETE', `/api/v1/drafts/${d.id}`);
  await page.evaluate(() => { for (const k of Object.keys(localStorage)) if (k.startsWith('dassie.draft.')) localStorage.removeItem(k); });
}

await withPage(async page => {
  const made = await seed(page);
  compose.pictures = [await picture(page, '#1e3a8a,#f97316', 800, 600), await picture(page, '#365314,#a3e635', 800, 600)];
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page);
  const views = { home: '/home', thread: made.thread, reply: made.reply, profile: made.profile, notifications: '/notifications', local: '/public/local', explore: '/explore', people: '/explore/people',
    search: '/search?q=jonas', conversations: '/conversations', settings: '/settings', publish: '/publish', lists: '/lists' };
  for (const [width, scheme] of [[360, 'light'], [1440, 'dark'], [768, 'light'], [360, 'dark'], [1440, 'light']]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const [name, path] of Object.entries(views)) {
      if (ONLY && !ONLY.split(',').includes(name)) continue;
      if (scheme === 'dark' && width === 360 && !['home', 'thread'].includes(name)) continue;
      await page.setViewportSize({ width, height: ['home', 'thread', 'local'].includes(name) ? 1900 : width < 500 ? 780 : 1000 });
      await page.goto(path);
      await page.locator('.column-head h1').waitFor();
      await page.waitForFunction(() => !document.querySelector('.spinner'));
      await page.waitForTimeout(350);
      await page.screenshot({ path: join(SHOTS, `${name}-${width}-${scheme}.png`) });
    }
    if (!ONLY || ONLY.includes('compose')) {
      await page.setViewportSize({ width, height: width < 500 ? 780 : 1000 });
      await compose(page, `${width}-${scheme}`);
    }
  }
  // What stands over a view.
  const over = {
    menu: async () => page.locator('article.post .actions-row .menu-anchor:last-child > button').nth(1).click(),
    react: async () => page.locator('.do-react').nth(1).click(),
    reply: async () => page.locator('.do-reply').first().click().then(() => page.locator('#composer-text').waitFor()),
    keys: async () => page.keyboard.press('?'),
    viewer: async () => page.locator('.tile-open').first().click(),
  };
  for (const [width, scheme] of [[360, 'dark'], [1440, 'light']])
    for (const [name, act] of Object.entries(over)) {
      if (ONLY && !ONLY.split(',').includes(name)) continue;
      await page.setViewportSize({ width, height: 780 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto('/home');
      await page.locator('article.post').nth(6).waitFor();
      await act();
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(SHOTS, `${name}-${width}-${scheme}.png`) });
    }
    if (!ONLY || ONLY.includes('compose')) {
      await page.setViewportSize({ width, height: width < 500 ? 780 : 1000 });
      await compose(page, `${width}-${scheme}`);
    }
});
await closeBrowser();
