// Which preferences the server keeps, and in which form.  No DOM here.
import type { Col, Preferences } from './preferences.ts';

export type Kept = Partial<Pick<Preferences, 'theme' | 'contrast' | 'motion' | 'layout' | 'language' | 'tone'>> & { columns?: readonly Col[] };

const right: Record<keyof Kept, (v: unknown) => boolean> = {
  theme: v => ['auto', 'light', 'dark'].includes(v as string),
  contrast: v => ['auto', 'more'].includes(v as string),
  motion: v => ['auto', 'less'].includes(v as string),
  layout: v => ['one', 'columns'].includes(v as string),
  language: v => typeof v === 'string' && v.length <= 20,
  tone: v => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 5,
  columns: v => Array.isArray(v), // deck/columns.ts looks at each
};

// Of what the server has, or an older version of this client left here: what this version understands.
export function known(stored: unknown): Kept {
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([k, v]) => Object.hasOwn(right, k) && right[k as keyof Kept](v))) as Kept;
}

// Of a change made here: what the server shall have.  Columns are kept for each account of this browser.
export function ofChange(change: Partial<Preferences>, account: string): Kept {
  const { columns, ...rest } = change;
  return known({ ...rest, ...(columns?.[account] ? { columns: columns[account] } : {}) });
}
