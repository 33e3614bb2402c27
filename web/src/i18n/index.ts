// Texts in the reader's language, and how it writes dates and numbers.  English is the source; see texts.mjs for the rules.
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';

type Catalogue = Record<string, string | string[]>;

export const languages: Record<string, string> = { en: 'English', de: 'Deutsch', fr: 'Français' };
const loaders: Record<string, () => Promise<{ default: Catalogue }>> = { de: () => import('locale:de'), fr: () => import('locale:fr') };

export const language = signal('en');
let catalogue: Catalogue = {};
let plurals = new Intl.PluralRules('en');

// The first language of the list that there is a catalogue for.
export function pick(wanted: readonly string[]): string {
  for (const w of wanted) {
    const base = w.toLowerCase().split('-')[0]!;
    if (base in languages) return base;
  }
  return 'en';
}

export async function setLanguage(wanted: string): Promise<void> {
  const loader = loaders[wanted];
  catalogue = loader ? (await loader()).default : {};
  plurals = new Intl.PluralRules(wanted);
  language.value = wanted;
  document.documentElement.lang = wanted;
  document.documentElement.dir = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(wanted) ? 'rtl' : 'ltr';
}

export function fill(text: string, args: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (hole, i: string) => {
    const a = args[Number(i)];
    return a === undefined ? hole : typeof a === 'number' ? number(a) : a;
  });
}

export function t(text: string, ...args: (string | number)[]): string {
  const found = catalogue[text];
  return fill(typeof found === 'string' ? found : text, args);
}

// tn('{0} reply', '{0} replies', n): n is {0}.
export function tn(one: string, many: string, n: number, ...more: (string | number)[]): string {
  const found = catalogue[`${one}|${many}`];
  const forms = Array.isArray(found) ? found : [one, many];
  return fill(forms[plurals.select(n) === 'one' ? 0 : 1]!, [n, ...more]);
}

// tx('{0} boosted', <Name/>): a text with elements in it.
export function tx(text: string, ...args: ComponentChild[]): ComponentChild[] {
  return t(text).split(/(\{\d\})/).map(part => (/^\{\d\}$/.test(part) ? args[Number(part[1])] : part));
}

// Marks a text of a table; it is shown with t().
export const msg = (text: string): string => text;

export function number(n: number): string {
  return new Intl.NumberFormat(language.value).format(n);
}

export function compact(n: number): string {
  return new Intl.NumberFormat(language.value, { notation: n < 10_000 ? 'standard' : 'compact', maximumFractionDigits: 1 }).format(n);
}

// A size of a file, in the unit in which it is read best.
export function bytes(n: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'], i = Math.min(units.length - 1, n > 0 ? Math.floor(Math.log10(n) / 3) : 0);
  return new Intl.NumberFormat(language.value, { style: 'unit', unit: units[i]!, unitDisplay: i === 0 ? 'long' : 'short', maximumFractionDigits: i > 1 ? 1 : 0 }).format(n / 1000 ** i);
}

export function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso));
}

export function day(iso: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'long' }).format(new Date(iso));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [['second', 60], ['minute', 60], ['hour', 24], ['day', 7]];

// "5 min" for a list; after a week the day.
export function ago(iso: string, now = Date.now()): string {
  let n = Math.max(0, (now - Date.parse(iso)) / 1000);
  for (const [unit, size] of steps) {
    if (n < size) return new Intl.NumberFormat(language.value, { style: 'unit', unit, unitDisplay: 'narrow' }).format(Math.floor(n));
    n /= size;
  }
  const date = new Date(iso), sameYear = date.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(language.value, { day: 'numeric', month: 'short', year: sameYear ? undefined : 'numeric' }).format(date);
}

// "in 2 days"
export function until(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000, size = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' });
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}
