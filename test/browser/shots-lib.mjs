// What the scenes of ./dev browser --shots do more than once, and what they wait for.
export const waits = { pictures: [], post: async () => undefined, authorize: process.env.AUTHORIZE_PATH };

export async function openMenu(page, selector, nth = 0) {
  await page.locator(`${selector}`).nth(nth).click();
  await page.locator('.menu').waitFor();
}
