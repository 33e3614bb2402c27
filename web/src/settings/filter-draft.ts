// A filter in the form, and what of it goes to the server.
import type { mastodon } from 'masto';

export interface Word {
  id?: string;
  keyword: string;
  wholeWord: boolean;
}
export interface Draft {
  title: string;
  context: mastodon.v2.FilterContext[];
  action: mastodon.v2.FilterAction;
  expiresIn: number | null | undefined; // seconds; null: never; undefined: as it is
  words: Word[];
}

export const fresh = (): Draft => ({ title: '', context: ['home', 'notifications', 'public', 'thread', 'account'], action: 'warn', expiresIn: null, words: [{ keyword: '', wholeWord: true }] });

export const draftOf = (f: mastodon.v2.Filter): Draft => ({ title: f.title, context: [...f.context], action: f.filterAction, expiresIn: undefined,
  words: f.keywords.map(k => ({ id: k.id, keyword: k.keyword, wholeWord: Boolean(k.wholeWord) })) });

// before: what the server has, so that words that were taken out are removed there.
export function payload(d: Draft, before: readonly Word[] = []): Record<string, unknown> {
  const words = d.words.filter(w => w.keyword.trim() !== '');
  const gone = before.filter(b => !words.some(w => w.id === b.id)).map(b => ({ id: b.id, _destroy: true }));
  return { title: d.title.trim() || words[0]?.keyword.trim() || '', context: d.context, filter_action: d.action, ...(d.expiresIn === undefined ? {} : { expires_in: d.expiresIn }),
    keywords_attributes: [...words.map(w => ({ ...(w.id ? { id: w.id } : {}), keyword: w.keyword.trim(), whole_word: w.wholeWord })), ...gone] };
}
