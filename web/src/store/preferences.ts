// How the client looks and behaves; synced.ts says what follows the account to other browsers.
import { effect, signal } from '@preact/signals';

export interface Preferences {
  theme: 'auto' | 'light' | 'dark';
  contrast: 'auto' | 'more';
  motion: 'auto' | 'less';
  language: string; // '' : the browser's
  size: 'small' | 'normal' | 'large';
  layout: 'one' | 'columns'; // columns only where there is room for them
  tone: number; // of hands and people among the emoji: 0 as the font has it, 1 light to 5 dark
  columns: Record<string, readonly Col[]>; // of each account that chose some
}

export interface Col {
  id: string;
  path: string;
  wide?: boolean;
}

const KEY = 'dassie.preferences';
const initial: Preferences = { theme: 'auto', contrast: 'auto', motion: 'auto', language: '', size: 'normal', layout: 'one', tone: 0, columns: {} };

function read(): Preferences {
  try {
    return { ...initial, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) };
  } catch {
    return initial;
  }
}

export const preferences = signal(read());

let tell: (change: Partial<Preferences>) => void = () => undefined;

// Who is told what somebody chose here.
export function onPrefer(run: typeof tell): void {
  tell = run;
}

// here: in this browser alone.
export function prefer(change: Partial<Preferences>, here = false): void {
  preferences.value = { ...preferences.value, ...change };
  localStorage.setItem(KEY, JSON.stringify(preferences.value));
  if (!here) tell(change);
}

addEventListener('storage', e => {
  if (e.key === KEY) preferences.value = read();
});

effect(() => {
  const { theme, contrast, motion, size } = preferences.value, root = document.documentElement.dataset;
  root.theme = theme;
  root.contrast = contrast;
  root.motion = motion;
  root.size = size;
});

// What the account asks for on every device; the server keeps it.
export const reading = signal({ autoplay: false, spoilers: false, media: 'default' as 'default' | 'show_all' | 'hide_all' });

export const mayMove = (): boolean => reading.value.autoplay && !lessMotion();

export const lessMotion = (): boolean => preferences.value.motion === 'less' || matchMedia('(prefers-reduced-motion: reduce)').matches;
