// Ways by the keyboard alone.
import assert from 'node:assert/strict';

const MOST = 150; // more stops than any page has before the one that is looked for

const on = (page, selector) => page.evaluate(s => document.activeElement?.matches(s) ?? false, selector);
// What is read out for what has the focus, roughly.
const named = page => page.evaluate(() => {
  const e = document.activeElement;
  return (e?.labels?.[0]?.textContent || e?.getAttribute('aria-label') || e?.placeholder || e?.textContent || '').trim();
});

// Keys that mean something after each other, as fast as fingers: what is asked of the page in between might take longer than they have.
export const together = (page, ...keys) => Promise.all(keys.map(key => page.keyboard.press(key)));

async function walk(page, key, there, what, press) {
  for (let i = 0; i < MOST; i++) {
    await press(page, key);
    if (await there()) return;
  }
  assert.fail(`no way to ${what} with ${key} at ${page.url()}`);
}

// Once it is there: from stop to stop until what the selector says has the focus.
export async function tabTo(page, selector, key = 'Tab', press = (p, k) => p.keyboard.press(k)) {
  await page.locator(selector).first().waitFor({ state: 'attached' });
  await walk(page, key, () => on(page, selector), selector, press);
}

// The same by the beginning of its name.
export async function reach(page, name) {
  const begins = new RegExp(`^\\s*${name}`);
  await page.getByRole('button', { name: begins }).or(page.getByRole('link', { name: begins })).or(page.getByLabel(begins)).or(page.getByPlaceholder(begins)).first().waitFor({ state: 'attached' });
  await walk(page, 'Tab', async () => (await named(page)).startsWith(name), `"${name}"`, (p, k) => p.keyboard.press(k));
}
