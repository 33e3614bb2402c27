// What is looked at by ./dev browser --shots: every view, what opens over one, and what a view says when there is nothing or nothing works.
// A scene: sheet it is on, name, path; then(page) what is done there; before(page) what is set up; clear: without an account;
// tall: as much of the page as three windows.
import { openMenu, waits } from './shots-lib.mjs';

const view = (sheet, name, path, more = {}) => ({ sheet, name, path, ...more });
const later = page => page.waitForTimeout(300);

// An answer of the API in place of the server's own.
const says = (pattern, status) => page => page.route(pattern, r => r.fulfill({ status, contentType: 'application/json', body: JSON.stringify({ error: status >= 500 ? 'Something went wrong on this server.' : 'There is nothing here.' }) }));
const silent = pattern => page => page.route(pattern, () => {});
const nothing = pattern => page => page.route(pattern, r => r.fulfill({ status: 200, contentType: 'application/json', body: '[]' }));

const composer = async page => {
  await page.locator('#composer-text').fill('Three things that I learned about storing a kayak over the winter, with pictures.\n\nFirst: never on the floor.');
  await page.locator('.composer input[type=file]').setInputFiles(waits.pictures.map((buffer, i) => ({ name: `${i}.png`, mimeType: 'image/png', buffer })));
  await page.waitForFunction(() => document.querySelectorAll('.describe').length === 2);
};
const clean = page => page.evaluate(() => { for (const k of Object.keys(localStorage)) if (k.startsWith('dassie.draft.')) localStorage.removeItem(k); });

export const scenes = made => [
  // ---- timelines and posts
  view('reading', 'home', '/home', { tall: true }),
  view('reading', 'thread', made.thread, { tall: true }),
  view('reading', 'reply', made.reply),
  view('reading', 'boosted-by', `${made.photos}/reblogs`),
  view('reading', 'favourited-by', `${made.photos}/favourites`),
  view('reading', 'quotes', `${made.photos}/quotes`),
  view('reading', 'local', '/public/local'),
  view('reading', 'federated', '/public'),
  view('reading', 'hashtag', '/tags/trains'),
  view('reading', 'list', `/lists/${made.list}`),
  view('reading', 'bookmarks', '/bookmarks'),
  view('reading', 'folder', `/bookmarks/${made.folder}`),
  view('reading', 'favourites', '/favourites'),
  // ---- people
  view('people', 'profile', made.profile, { tall: true }),
  view('people', 'own', '/@dora'),
  view('people', 'replies', `${made.profile}/with_replies`),
  view('people', 'media', `${made.profile}/media`),
  view('people', 'about-person', `${made.profile}/about`),
  view('people', 'followers', '/@dora/followers'),
  view('people', 'following', '/@dora/following'),
  view('people', 'requests', '/follow_requests'),
  view('people', 'blocks', '/blocks'),
  view('people', 'mutes', '/mutes'),
  view('people', 'domains', '/domain_blocks'),
  view('people', 'directory', '/directory'),
  // ---- what comes in, what one finds
  view('finding', 'notifications', '/notifications', { tall: true }),
  view('finding', 'mentions', '/notifications/mentions'),
  view('finding', 'policy', '/notifications/settings'),
  view('finding', 'filtered', '/notifications/requests'),
  view('finding', 'conversations', '/conversations'),
  view('finding', 'search', '/search'),
  view('finding', 'found', '/search?q=jonas'),
  view('finding', 'explore', '/explore'),
  view('finding', 'explore-tags', '/explore/tags'),
  view('finding', 'explore-links', '/explore/links'),
  view('finding', 'explore-people', '/explore/people'),
  view('finding', 'followed-tags', '/followed_tags'),
  view('finding', 'collections', '/collections'),
  view('finding', 'collection', `/collections/${made.collection}`),
  view('finding', 'lists', '/lists'),
  view('finding', 'list-edit', `/lists/${made.list}/edit`),
  view('finding', 'year', '/annual_report'),
  view('finding', 'about', '/about'),
  // ---- settings
  ...['', '/profile', '/posting', '/account', '/access', '/cleanup', '/data', '/move', '/invites'].map(p => view('settings', `settings${p.replace('/', '-')}`, `/settings${p}`, { tall: true })),
  view('settings', 'filters', '/filters'),
  view('settings', 'filter', `/filters/${made.filter}`, { tall: true }),
  view('settings', 'filter-new', '/filters/new'),
  view('settings', 'start', '/start'),
  view('settings', 'drafts', '/publish/drafts'),
  view('settings', 'planned', '/publish/planned'),
  // ---- writing
  view('writing', 'publish', '/publish'),
  view('writing', 'publish-media', '/publish', { tall: true, then: composer, after: clean }),
  view('writing', 'publish-thread', '/publish', { tall: true, after: clean, then: async page => {
    await composer(page);
    await page.locator('.do-thread').click();
    await page.locator('#composer-text-1').fill('Second: which of these do you have?');
    for (const i of [1, 2]) await page.locator('.composer-bar .icon-button').nth(i).click();
    await page.locator('.poll-answer input').first().fill('Slings');
    await page.locator('.do-options').click();
    await later(page);
  } }),
  view('writing', 'emoji', '/publish', { tall: true, after: clean, then: async page => {
    await page.locator('.do-emoji').click();
    await page.locator('.emoji-grid button').first().waitFor();
  } }),
  view('writing', 'complete', '/publish', { after: clean, then: async page => {
    await page.locator('#composer-text').pressSequentially('Ask @jo');
    await page.locator('.completion').waitFor();
  } }),
  view('writing', 'describe', '/publish', { after: clean, then: async page => {
    await composer(page);
    await page.locator('.describe').first().click();
    await page.locator('.focal-picker').waitFor();
    await later(page);
  } }),
  view('writing', 'answer', '/home', { after: clean, then: async page => {
    await page.locator('article.post .do-reply').first().click();
    await page.locator('#composer-text').waitFor();
    await later(page);
  } }),
  view('writing', 'languages', '/home', { after: clean, then: async page => {
    await page.locator('article.post .do-reply').first().click();
    await page.locator('#composer-text').fill('Yes');
    await page.locator('.composer-bar .menu-anchor > button').first().click();
    await later(page);
  } }),
  // ---- what opens over a view
  view('over', 'menu-post', '/home', { then: async page => openMenu(page, 'article.post .actions-row > .menu-anchor:last-child > button', 1) }),
  view('over', 'boost', '/home', { then: async page => openMenu(page, 'article.post .do-boost', 1) }),
  view('over', 'react', '/home', { then: async page => openMenu(page, '.do-react', 1) }),
  view('over', 'viewer', made.photos, { then: async page => { await page.locator('.tile-open').first().click(); await page.locator('.viewer').waitFor(); await later(page); } }),
  view('over', 'description', made.photos, { then: async page => { await page.locator('button.alt').first().click(); await page.locator('dialog').waitFor(); await later(page); } }),
  view('over', 'edits', made.edited, { then: async page => { await page.locator('.focal-meta button.link').first().click(); await page.locator('.history').waitFor(); } }),
  view('over', 'delete', made.reply, { then: async page => { await openMenu(page, '.focal .actions-row > .menu-anchor:last-child button'); await page.locator('.menu .danger').last().click(); await page.locator('dialog').waitFor(); } }),
  view('over', 'menu-person', made.profile, { then: async page => openMenu(page, '.profile-buttons .menu-anchor button') }),
  ...[['mute', 'Mute'], ['block', 'Block'], ['in-lists', 'Lists'], ['person-languages', 'Languages']].map(([name, item]) => view('over', name, made.profile, { then: async page => {
    await openMenu(page, '.profile-buttons .menu-anchor button');
    await page.locator('.menu > *', { hasText: item }).last().click();
    await page.locator('dialog').waitFor();
    await page.waitForFunction(() => !document.querySelector('dialog .spinner'));
  } })),
  ...[0, 1, 2, 3].map(step => view('over', `report-${step + 1}`, made.profile, { then: async page => {
    await openMenu(page, '.profile-buttons .menu-anchor button');
    await page.locator('.menu > *', { hasText: 'Report' }).last().click();
    await page.locator('.report').waitFor();
    if (step > 0) await page.locator('.report input[type=radio]').nth(1).check();
    for (let i = 0; i < step; i++) {
      await page.locator('.report .button.main').click();
      await later(page);
      await page.locator('.report input[type=checkbox]').first().check({ timeout: 2000 }).catch(() => undefined);
    }
  } })),
  view('over', 'account', '/home', { then: async (page, width) => {
    if (width < 700) await page.locator('.bottom > button').click();
    await openMenu(page, width < 700 ? '.sheet .account-corner button' : '.side .account-corner button');
  } }),
  view('over', 'more', '/home', { only: 360, then: async page => { await page.locator('.bottom > button').click(); await page.locator('.sheet').waitFor(); } }),
  view('over', 'keys', '/home', { then: async page => { await page.keyboard.press('?'); await page.locator('.keys').waitFor(); } }),
  view('over', 'new-folder', '/bookmarks', { then: async page => { await openMenu(page, '.column-head .menu-anchor button'); await page.locator('.menu > *').first().click(); await page.locator('dialog').waitFor(); } }),
  view('over', 'new-collection', '/collections', { then: async page => { await page.locator('.column-head .button, .column .button.main').first().click(); await page.locator('dialog').waitFor(); } }),
  view('over', 'toast', made.reply, { then: async page => { await page.evaluate(() => { navigator.clipboard.writeText = async () => {}; }); await openMenu(page, '.focal .actions-row > .menu-anchor:last-child button'); await page.locator('.menu > *', { hasText: 'Copy link' }).click(); await page.locator('.toasts p').waitFor(); } }),
  view('over', 'new-posts', '/home', { then: async page => { await waits.post(); await page.locator('.offer').waitFor(); } }),
  // ---- nothing, and nothing works
  view('states', 'nothing-home', '/home', { before: nothing('**/api/v1/timelines/home*') }),
  view('states', 'nothing-notifications', '/notifications', { before: page => page.route('**/api/v2/notifications?*', r => r.fulfill({ status: 200, contentType: 'application/json', body: '{"accounts":[],"statuses":[],"notification_groups":[]}' })) }),
  view('states', 'nothing-bookmarks', '/bookmarks', { before: nothing('**/api/v1/bookmarks*') }),
  view('states', 'nothing-conversations', '/conversations', { before: nothing('**/api/v1/conversations*') }),
  view('states', 'nothing-lists', '/lists', { before: nothing('**/api/v1/lists*') }),
  view('states', 'nothing-filters', '/filters', { before: nothing('**/api/v2/filters*') }),
  view('states', 'nothing-found', '/search?q=qqqqxyz'),
  view('states', 'no-view', '/notifications/no/such/view'),
  view('states', 'no-post', '/@dora/1'),
  view('states', 'no-person', '/@nobody'),
  view('states', 'error-500', '/home', { before: says('**/api/v1/timelines/home*', 500) }),
  view('states', 'error-429', '/notifications', { before: says('**/api/v2/notifications?*', 429) }),
  view('states', 'offline', '/home', { then: async page => { await page.context().setOffline(true); await page.evaluate(() => dispatchEvent(new Event('offline'))); await page.locator('.bottom a, .side-links a').nth(3).click().catch(() => undefined); await later(page); }, after: page => page.context().setOffline(false) }),
  view('states', 'loading-home', '/home', { loads: true, before: silent('**/api/v1/timelines/home*') }),
  view('states', 'loading-thread', made.thread, { loads: true, before: silent('**/api/v1/statuses/**') }),
  view('states', 'loading-profile', made.profile, { loads: true, before: silent('**/api/v1/accounts/**') }),
  view('states', 'loading-notifications', '/notifications', { loads: true, before: silent('**/api/v2/notifications?*') }),
  view('states', 'loading-followers', '/@dora/followers', { loads: true, before: silent('**/api/v1/accounts/*/followers*') }),
  view('states', 'loading-settings', '/settings/posting', { loads: true, before: silent('**/api/v1/settings') }),
  view('states', 'loading-found', '/search?q=jonas', { loads: true, before: silent('**/api/v2/search*') }),
  view('states', 'loading-conversations', '/conversations', { loads: true, before: silent('**/api/v1/conversations*') }),
  view('states', 'loading-people', '/explore/people', { loads: true, before: silent('**/api/v2/suggestions*') }),
  // ---- what a pointer and a key show
  ...[['hover', l => l.hover()], ['focus', l => l.focus()], ['pressed', async (l, page) => { await l.hover(); await page.mouse.down(); }]].flatMap(([how, act]) => [
    ['post', '/home', 'article.post'], ['reply', '/home', '.do-reply'], ['favourite', '/home', '.do-favourite'], ['tab', '/notifications', '.tabs a:nth-child(2)'], ['main', made.profile, '.profile-buttons .button'], ['row', '/lists', '.rows a'], ['composer', '/home', '.inline-composer button'],
  ].map(([what, path, selector]) => ({ sheet: `controls-${how}`, name: `${how}-${what}`, path, crop: true, then: async page => { if (how === 'focus') await page.keyboard.press('Shift'); const l = page.locator(`.column ${selector}`).first(); await l.scrollIntoViewIfNeeded(); await act(l, page); await page.waitForTimeout(200); }, after: page => page.mouse.up() }))),
  // ---- pages of the server, without an account
  ...[['landing', '/'], ['public-profile', made.profile], ['public-media', `${made.profile}/media`], ['public-post', made.photos], ['public-thread', made.thread], ['embed', `${made.photos}/embed`], ['public-tag', '/tags/trains'],
    ['public-about', '/about'], ['about-more', '/about/more'], ['privacy', '/privacy-policy'], ['terms', '/terms-of-service'], ['sign-in', '/auth/sign_in'], ['sign-up', '/auth/sign_up'], ['forgot', '/auth/password/new'], ['confirmation', '/auth/confirmation'],
    ['page-404', '/no/such/page'], ['interact', `/@dora/1/interact`]].map(([name, path]) => view('public', name, path, { clear: true, tall: ['landing', 'public-profile', 'public-post', 'public-thread'].includes(name) })),
  ...[['sessions', '/settings/sessions'], ['security', '/settings/security'], ['moving', '/settings/moving'], ['leave', '/settings/delete'], ['authorize', waits.authorize], ['interaction', `/authorize_interaction?uri=acct:mira@localhost`]].filter(([, path]) => path)
    .map(([name, path]) => view('session', name, path, { page: true })),
];
