// Sending a file: with progress, which fetch does not tell, and waiting until the server has made a film ready.
import { current } from '../api/accounts.ts';
import { CallError, call, camel } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import type { Attachment } from './draft.ts';
import type { Limits } from './rules.ts';

export interface Upload {
  key: string;
  part: string; // the key of the post it belongs to
  file: File;
  progress: number; // 0 to 1; 1: sent, the server works on it
  error: string | null;
  unanswered: boolean; // the line or the server was away: sent again when it is back
  abort: () => void;
}

export const kindOf = (type: string): string => (type === 'image/gif' ? 'gifv' : type.startsWith('image/') ? 'image' : type.startsWith('video/') ? 'video' : type.startsWith('audio/') ? 'audio' : 'unknown');

// Why this file cannot be taken, or null.
export function refuse(file: { type: string; size: number; name: string }, l: Limits): string | null {
  if (l.types.length > 0 && !l.types.includes(file.type)) return t('{0} is of a kind that this server does not take', file.name);
  const max = file.type.startsWith('image/') ? l.imageBytes : l.videoBytes;
  return file.size > max ? t('{0} is too large: at most {1} MB', file.name, Math.floor(max / (1 << 20))) : null;
}

const SILENCE_MS = 60_000; // nothing moves, and no answer comes

function send(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest(), form = new FormData();
    form.set('file', file, file.name || 'file');
    x.open('POST', '/api/v2/media');
    x.setRequestHeader('Authorization', `Bearer ${current.value?.token ?? ''}`);
    x.responseType = 'json';
    let timer = 0;
    const alive = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => { x.abort(); fail(new DOMException('', 'TimeoutError')); }, SILENCE_MS);
    };
    alive();
    x.upload.onprogress = e => { alive(); if (e.lengthComputable) onProgress(e.loaded / e.total); };
    x.onloadend = () => clearTimeout(timer);
    x.onload = () => {
      if (x.status >= 200 && x.status < 300) done(camel(x.response) as Attachment);
      else fail(new CallError(x.status, (x.response as { error?: string } | null)?.error ?? t('The file could not be sent')));
    };
    x.onerror = () => fail(new DOMException('', 'TimeoutError'));
    signal.addEventListener('abort', () => { x.abort(); fail(new DOMException('', 'AbortError')); });
    x.send(form);
  });
}

export async function upload(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
  let made = await send(file, onProgress, signal);
  onProgress(1);
  for (let wait = 500; !made.url; wait = Math.min(wait * 1.5, 5000)) {
    await new Promise(next => setTimeout(next, wait));
    if (signal.aborted) throw new DOMException('', 'AbortError');
    made = await call<Attachment>('GET', `/api/v1/media/${made.id}`);
  }
  return made;
}

// "0.25,-0.5" as the API wants it; the middle is 0,0 and up is positive.
export const focusText = (f: { x: number; y: number }): string => `${f.x.toFixed(2)},${f.y.toFixed(2)}`;

export function focusAt(x: number, y: number, box: { left: number; top: number; width: number; height: number }): { x: number; y: number } {
  const clamp = (v: number): number => Math.max(-1, Math.min(1, v));
  return { x: clamp((x - box.left) / box.width * 2 - 1), y: clamp(1 - (y - box.top) / box.height * 2) };
}

export const focusOf = (a: Attachment): { x: number; y: number } => (a.meta as { focus?: { x: number; y: number } } | null)?.focus ?? { x: 0, y: 0 };
