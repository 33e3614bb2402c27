// A post in the reader's language, when this server can translate.
import { type Signal, signal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api } from '../api/client.ts';
import { language, t } from '../i18n/index.ts';
import { server } from '../store/me.ts';
import type { Post } from '../store/posts.ts';
import { attempt } from '../ui/toast.tsx';

type Translation = mastodon.v1.Translation & { language?: string };
const known = new Map<string, Signal<Translation | null>>();

export function translationOf(id: string): Signal<Translation | null> {
  let found = known.get(id);
  if (!found) {
    found = signal(null);
    known.set(id, found);
    if (known.size > 2000) known.delete(known.keys().next().value!);
  }
  return found;
}

export function canTranslate(p: Post): boolean {
  const on = (server.value?.configuration as { translation?: { enabled?: boolean } } | undefined)?.translation?.enabled;
  return Boolean(on) && p.content !== '' && p.language !== null && p.language !== undefined && p.language.split('-')[0] !== language.value && (p.visibility === 'public' || p.visibility === 'unlisted');
}

export async function translate(p: Post): Promise<void> {
  translationOf(p.id).value = { ...await api.v1.statuses.$select(p.id).translate({ lang: language.value }), language: language.value };
}

export function TranslationNote({ post, focal }: { post: Post; focal: boolean }) {
  const found = translationOf(post.id);
  if (found.value) return <p class="quiet">{t('Translated by {0}', found.value.provider)} · <button type="button" class="link" onClick={() => { found.value = null; }}>{t('Show original')}</button></p>;
  if (!focal || !canTranslate(post)) return null;
  return <p><button type="button" class="link" onClick={() => void attempt(() => translate(post))}>{t('Translate')}</button></p>;
}
