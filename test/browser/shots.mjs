// Pictures of every view of the client for people who design it: ./dev browser --shots DIR.  Not a test: nothing is compared.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { closeBrowser, withPage } from './browser.mjs';
import { api, signIn } from './client.mjs';
import { people, picture, seed } from './seed.mjs';

const { SHOTS, ONLY } = process.env;
mkdirSync(SHOTS, { recursive: true });

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
