// Pictures of every view for people who design it: ./dev browser --shots DIR.  Not a test: nothing is compared.  Single pictures are in
// DIR/WIDTH-SCHEME, several of a kind side by side in DIR/sheets.  ONLY=word,word takes the scenes whose name or sheet has one of the words,
// SIZES=360-light,… some sizes, LANGUAGE=de another language.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeBrowser, withPage } from './browser.mjs';
import { quiet, signIn, toot } from './client.mjs';
import { scenes } from './scenes.mjs';
import { people, picture, seed } from './seed.mjs';
import { waits } from './shots-lib.mjs';

const { SHOTS, ONLY, SIZES, LANGUAGE = 'en' } = process.env;
const only = ONLY?.split(',');
const wanted = (...names) => !only || only.some(w => names.some(n => n.includes(w)));
// The two schemes of three widths, then what some people need: from right to left, more contrast, letters of twice the size, their own colours.
const few = ['home', 'loading-home', 'thread', 'loading-thread', 'profile', 'loading-profile', 'boosted-by', 'favourited-by', 'quotes', 'loading-followers', 'loading-settings', 'notifications', 'loading-notifications', 'settings-profile', 'publish-thread', 'landing', 'public-post', 'menu-post'];
const sizes = [...[360, 768, 1440].flatMap(width => ['light', 'dark'].map(scheme => ({ label: `${width}-${scheme}`, width, scheme }))),
  { label: '360-rtl', width: 360, scheme: 'light', of: few, rtl: true }, { label: '1440-rtl', width: 1440, scheme: 'dark', of: few, rtl: true },
  { label: '360-contrast', width: 360, scheme: 'light', of: few, options: { contrast: 'more' } }, { label: '1440-contrast', width: 1440, scheme: 'dark', of: few, options: { contrast: 'more' } },
  { label: '768-forced', width: 768, scheme: 'dark', of: few, options: { forcedColors: 'active' } },
  { label: '360-large', width: 360, scheme: 'light', of: few, large: true }, { label: '1440-large', width: 1440, scheme: 'light', of: few, large: true }]
  .filter(s => !SIZES || SIZES.split(',').includes(s.label));

const heights = { 360: 780, 768: 1000, 1440: 900 };

async function shoot(page, scene, size) {
  const height = heights[size.width];
  await page.setViewportSize({ width: size.width, height: scene.tall ? Math.round(height * 2.2) : height });
  await scene.before?.(page);
  await page.goto(scene.path);
  if (scene.sheet === 'public' || scene.page) await page.locator('body').waitFor();
  else if (scene.loads) await page.locator('.bones').first().waitFor();
  else {
    await page.locator('.column-head h1').waitFor();
    await quiet(page);
  }
  await page.waitForTimeout(250); // pictures in it
  await scene.then?.(page, size.width);
  const shot = await page.screenshot(scene.crop ? { clip: { x: 0, y: 0, width: size.width, height: Math.min(height, 560) } } : {});
  await scene.after?.(page);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  return shot;
}

// Pictures side by side, each with its name over it.
async function sheet(page, name, shots, size) {
  const across = { 360: 5, 768: 3, 1440: 2 }[size.width], scale = { 360: 1, 768: .66, 1440: .66 }[size.width], down = 2;
  for (let i = 0, part = 1; i < shots.length; i += across * down, part++) {
    const group = shots.slice(i, i + across * down);
    await page.setViewportSize({ width: Math.round(size.width * scale * across + 12 * (across + 1)), height: 400 });
    await page.setContent(`<body style="margin:0;padding:6px 12px;background:#888;display:grid;grid-template-columns:repeat(${across},1fr);gap:6px 12px;align-items:start;font:12px sans-serif">${
      group.map(s => `<figure style="margin:0"><figcaption>${s.name}</figcaption><img style="display:block;width:${size.width * scale}px" src="data:image/png;base64,${s.shot.toString('base64')}"></figure>`).join('')}`);
    await page.screenshot({ path: join(SHOTS, 'sheets', `${name}-${part}-${size.label}.png`), fullPage: true });
  }
}

async function round(made, state, size) {
  const shots = new Map(), dir = join(SHOTS, size.label);
  mkdirSync(dir, { recursive: true });
  const options = { colorScheme: size.scheme, serviceWorkers: 'block', reducedMotion: 'reduce', locale: LANGUAGE, ...size.options };
  const asked = scenes(made).filter(s => wanted(s.name, s.sheet) && (!size.of || size.of.includes(s.name)) && (!s.only || s.only === size.width));
  for (const clear of [false, true]) {
    const some = asked.filter(s => Boolean(s.clear) === clear);
    if (some.length === 0) continue;
    await withPage(async page => {
      await page.addInitScript(({ rtl, large, language }) => {
        localStorage.setItem('dassie.preferences', JSON.stringify({ language }));
        addEventListener('DOMContentLoaded', () => {
          if (rtl) new MutationObserver(() => { if (document.documentElement.dir !== 'rtl') document.documentElement.dir = 'rtl'; }).observe(document.documentElement, { attributes: true });
          if (rtl) document.documentElement.dir = 'rtl';
          if (large) document.documentElement.style.fontSize = '200%';
        });
      }, { rtl: size.rtl, large: size.large, language: LANGUAGE });
      for (const scene of some) {
        try {
          const shot = await shoot(page, scene, size);
          writeFileSync(join(dir, `${scene.name}.png`), shot);
          if (!shots.has(scene.sheet)) shots.set(scene.sheet, []);
          shots.get(scene.sheet).push({ name: scene.name, shot });
        } catch (e) {
          console.error(`${size.label} ${scene.name}: ${String(e).split('\n')[0]}`);
          await page.unrouteAll({ behavior: 'ignoreErrors' });
        }
      }
    }, { ...options, storageState: clear ? undefined : state });
  }
  await withPage(async page => { for (const [name, some] of size.of ? [['some', [...shots.values()].flat()]] : shots) await sheet(page, name, some, size); });
}

let made, state;
await withPage(async page => {
  made = await seed(page);
  waits.pictures = [await picture(page, '#1e3a8a,#f97316', 800, 600), await picture(page, '#365314,#a3e635', 800, 600)];
  waits.post = () => toot('Still raining on the ridge.', {}, people[0].token);
  await signIn(page);
  state = await page.context().storageState();
});
mkdirSync(join(SHOTS, 'sheets'), { recursive: true });
const rest = [...sizes];
await Promise.all([0, 1].map(async () => { while (rest.length > 0) await round(made, state, rest.shift()); }));
await closeBrowser();
