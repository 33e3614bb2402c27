// A server with people, posts and pictures on it, to look at.
import { base } from './browser.mjs';
import { api, toot } from './client.mjs';

// [{ name, token }], of whom the first account of the environment knows nothing yet
export const people = JSON.parse(process.env.PEOPLE);

export async function picture(page, colours, width, height, text = '') {
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

// Returns paths worth a look.
export async function seed(page) {
  for (const [i, p] of people.slice(0, looks.length).entries()) {
    const [name, colours, note] = looks[i];
    await upload('/api/v1/accounts/update_credentials', 'avatar', await picture(page, colours, 200, 200, name[0]), p.token, { display_name: name, note, discoverable: true,
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
  return { thread: `/@${people[1].name}/${root.id}`, reply: `/@dora/${mine.id}`, quoted: `/@${people[1].name}/${quoted.id}`, profile: `/@${people[0].name}`,
    photos: `/@${people[0].name}/${photos.id}`, edited: `/@${people[3].name}/${edited.id}`, ...await keep(mine, photos) };
}

// Something in every list that a person keeps.
async function keep(mine, photos) {
  const [mira, jonas, amelie, kaethe, ada, ben] = people;
  for (const p of [ada, ben]) p.id = (await api('GET', '/api/v1/accounts/verify_credentials', undefined, p.token)).id;
  const list = await api('POST', '/api/v1/lists', { title: 'Slow travel' });
  await api('POST', `/api/v1/lists/${list.id}/accounts`, { account_ids: [mira.id, jonas.id] });
  await api('POST', '/api/v1/lists', { title: 'Bakeries and other good neighbours' });
  const filter = await api('POST', '/api/v2/filters', { title: 'Football', context: ['home', 'public'], filter_action: 'warn', expires_in: 604800,
    keywords_attributes: [{ keyword: 'offside', whole_word: true }, { keyword: 'penalty shoot-out', whole_word: false }] });
  await api('POST', '/api/v2/filters', { title: 'Spoilers', context: ['home', 'thread'], filter_action: 'hide', keywords_attributes: [{ keyword: 'finale', whole_word: true }] });
  await toot('It was never offside, and I shall say so until the end of my days.', {}, jonas.token);
  const folder = await api('POST', '/api/v1/bookmark_folders', { title: 'Kayaks' });
  for (const p of [photos, mine]) await api('POST', `/api/v1/statuses/${p.id}/bookmark`, {});
  await api('POST', `/api/v1/bookmark_folders/${folder.id}/statuses`, { status_ids: [mine.id] });
  for (const p of [photos, mine]) await api('POST', `/api/v1/statuses/${p.id}/favourite`, {});
  const { collection } = await api('POST', '/api/v1/collections', { name: 'People who notice things', description: 'Walkers, bakers and one translator.', account_ids: [mira.id, amelie.id, kaethe.id] });
  for (const tag of ['trains', 'morning']) await api('POST', `/api/v1/tags/${tag}/follow`, {});
  await api('POST', '/api/v1/drafts', { posts: [{ status: 'On the difference between a lichen and a moss, in three parts.' }, { status: 'Part two.' }] });
  await toot('Good night, from the day after tomorrow.', { scheduled_at: new Date(Date.now() + 2 * 86_400_000).toISOString() });
  await api('POST', '/api/v1/invites', { max_uses: 5, comment: 'For the kayak club' });
  await api('PATCH', '/api/v1/accounts/update_credentials', { locked: true, display_name: 'Dora Albrecht', note: 'Reads timetables for pleasure. Opinions about slings.' });
  const me = await api('GET', '/api/v1/accounts/verify_credentials');
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {}, kaethe.token);
  await api('POST', `/api/v1/accounts/${me.id}/follow`, {}, jonas.token);
  await api('POST', `/api/v1/accounts/${ada.id}/mute`, { duration: 86_400 });
  await api('POST', `/api/v1/accounts/${ben.id}/block`, {});
  await api('POST', '/api/v1/domain_blocks', { domain: 'noise.example' });
  return { list: list.id, filter: filter.id, folder: folder.id, collection: collection.id };
}
