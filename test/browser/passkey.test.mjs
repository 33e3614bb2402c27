// Passkeys in Chromium with an authenticator of its own: made in the settings, used on the pages of the log-in.
import test from 'node:test';
import assert from 'node:assert/strict';
import { accessible, protocol, withPage } from './browser.mjs';
import { api, code, open, said, signIn } from './client.mjs';

const { USER_PASSWORD } = process.env;

// A phone that unlocks at once.  Whoever holds it takes what the browser offers beside the name, unless it offers nothing.
async function authenticator(page, offers = false) {
  const session = await protocol(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  await session.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true,
    hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  if (!offers) await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false); });
}

const use = page => page.locator('#passkey button');
const arrives = (page, path) => page.waitForURL(url => url.pathname === path);

async function leave(page) {
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
}

async function ask(page, name, password) {
  await page.locator('button', { hasText: 'Add a passkey' }).click();
  await page.locator('dialog[open] input').first().fill(name);
  await page.locator('dialog[open] input[type=password]').fill(password);
  await page.keyboard.press('Enter');
}

async function make(page, name, password = USER_PASSWORD) {
  await open(page, '/settings/access');
  await ask(page, name, password);
  await page.locator('.passkeys li', { hasText: name }).waitFor();
}

test('a passkey is made, signs in alone, is renamed and, once removed, refused', () => withPage(async (page, faults) => {
  await authenticator(page);
  await signIn(page);
  await make(page, 'My phone');
  await accessible(page);
  await ask(page, 'Again', USER_PASSWORD);
  await said(page, 'has a passkey', true);
  await page.keyboard.press('Escape');
  await page.locator('.passkeys button').first().click();
  await page.locator('dialog[open] input').fill('Old phone');
  await page.keyboard.press('Enter');
  await page.locator('.passkeys li', { hasText: 'Old phone' }).waitFor();

  await leave(page);
  await page.goto('/auth/sign_in?again=1');
  await use(page).click();
  await arrives(page, '/settings/sessions');
  assert.ok((await api('GET', '/api/v1/passkeys'))[0].last_used_at);

  await open(page, '/settings/access'); // the client is let in by the session
  await page.locator('.passkeys button').nth(1).click();
  await accessible(page);
  await page.locator('dialog[open] input').fill(USER_PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.passkeys').waitFor({ state: 'detached' });
  await leave(page);
  await page.goto('/auth/sign_in');
  faults.length = 0;
  await use(page).click();
  await page.locator('.wrong, .error, [role=alert]', { hasText: 'was not accepted' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/auth/sign_in/passkey');
}));

test('the browser offers a passkey beside the name', () => withPage(async page => {
  await authenticator(page, true);
  await signIn(page);
  await make(page, 'Offered');
  await leave(page);
  await page.goto('/auth/sign_in');
  await arrives(page, '/settings/sessions');
}));

test('after the password a passkey is the second factor', () => withPage(async (page, faults) => {
  const { OTHER_TOKEN: token, OTHER_EMAIL: email, OTHER_PASSWORD: password } = process.env;
  await authenticator(page);
  await signIn(page, '/home', email, password);
  await make(page, 'Second', password);
  const { secret } = await api('POST', '/api/v1/two_factor/totp/new', { password }, token);
  await api('POST', '/api/v1/two_factor/totp', { password, secret, code: code(secret) }, token);
  await leave(page);
  await page.goto('/auth/sign_in');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('#code').waitFor();
  await use(page).waitFor();
  await accessible(page);
  faults.length = 0;
  await use(page).click();
  await arrives(page, '/settings/sessions');
  assert.deepEqual(faults, []);
}));
