// Filters: words one does not want to see, where, for how long, and what happens to such posts.
import { useSignal } from '@preact/signals';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { type Params, navigate } from '../app/router.ts';
import { api, call } from '../api/client.ts';
import { msg, t, tn, until } from '../i18n/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { TagBones } from '../ui/bones.tsx';
import { Empty } from '../ui/bits.tsx';
import { confirm } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';
import { Choice, Loaded, Tick } from './parts.tsx';
import { type Draft, type Word, draftOf, fresh, payload } from './filter-draft.ts';

const contexts: [mastodon.v2.FilterContext, string][] = [['home', msg('Home and lists')], ['notifications', msg('Notifications')], ['public', msg('Public timelines')], ['thread', msg('Threads')], ['account', msg('Profiles')]];
const actions: [mastodon.v2.FilterAction, string][] = [['warn', msg('Say that it is filtered')], ['blur', msg('Hide media')], ['hide', msg('Do not show it')]];
const ends: [string, string][] = [['', msg('Never')], ['1800', msg('In 30 minutes')], ['3600', msg('In 1 hour')], ['86400', msg('In 1 day')], ['604800', msg('In 1 week')]];

function Words({ words, set }: { words: Word[]; set: (w: Word[]) => void }) {
  const change = (i: number, more: Partial<Word>): void => set(words.map((w, n) => (n === i ? { ...w, ...more } : w)));
  return <fieldset><legend>{t('Words')}</legend>
    {words.map((w, i) => <div class="word-row" key={w.id ?? `new-${i}`}>
      <input aria-label={t('Word {0}', i + 1)} dir="auto" maxLength={512} value={w.keyword} onInput={e => change(i, { keyword: e.currentTarget.value })} />
      <Tick text={t('Whole word')} checked={w.wholeWord} onChange={on => change(i, { wholeWord: on })} />
      <IconButton icon="trash" label={t('Remove word {0}', i + 1)} onClick={() => set(words.filter((_, n) => n !== i))} />
    </div>)}
    <Button onClick={() => set([...words, { keyword: '', wholeWord: true }])}>{t('Add a word')}</Button>
  </fieldset>;
}

function Editor({ filter }: { filter: mastodon.v2.Filter | null }) {
  const draft = useSignal(filter ? draftOf(filter) : fresh()), d = draft.value, set = (more: Partial<Draft>): void => { draft.value = { ...draft.peek(), ...more }; };
  const save = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (await attempt(() => call(filter ? 'PUT' : 'POST', filter ? `/api/v2/filters/${filter.id}` : '/api/v2/filters', payload(draft.peek(), filter ? draftOf(filter).words : []))))
      navigate('/filters', true);
  };
  return <form class="stack pad" onSubmit={e => void save(e)}>
    <label class="field"><span>{t('Title')}</span><input dir="auto" maxLength={256} value={d.title} onInput={e => set({ title: e.currentTarget.value })} /></label>
    <Words words={d.words} set={words => set({ words })} />
    <fieldset><legend>{t('Where')}</legend>{contexts.map(([c, text]) => <Tick key={c} text={t(text)} checked={d.context.includes(c)} onChange={on => set({ context: on ? [...d.context, c] : d.context.filter(x => x !== c) })} />)}</fieldset>
    <Choice label={t('What happens')} name="action" value={d.action} options={actions.map(([v, text]) => [v, t(text)])} onChange={v => set({ action: v as Draft['action'] })} />
    <label class="field"><span>{t('Ends')}</span><select value={d.expiresIn === undefined ? 'keep' : String(d.expiresIn ?? '')} onChange={e => { const v = e.currentTarget.value; set({ expiresIn: v === 'keep' ? undefined : v === '' ? null : Number(v) }); }}>
      {filter && <option value="keep">{filter.expiresAt ? until(filter.expiresAt) : t('As it is')}</option>}{ends.map(([v, text]) => <option value={v}>{t(text)}</option>)}</select></label>
    <div class="actions"><Button type="submit" kind="main" disabled={d.context.length === 0}>{t('Save')}</Button><a class="button" href="/filters">{t('Cancel')}</a></div>
  </form>;
}

export function FiltersView() {
  return <Column actions={<a class="button main small" href="/filters/new">{t('New filter')}</a>}><Loaded waits={TagBones} load={async () => await api.v2.filters.list()} draw={(list, _, again) => {
    const remove = async (f: mastodon.v2.Filter): Promise<void> => {
      if (await confirm(t('Delete the filter “{0}”?', f.title), t('Posts it hides are shown again.'), t('Delete'))) await attempt(async () => { await api.v2.filters.$select(f.id).remove(); await again(); });
    };
    if (list.length === 0) return <Empty><p>{t('No filters. A filter hides posts with words you do not want to read.')}</p></Empty>;
    return <ul class="rows">{list.map(f => <li key={f.id}><a href={`/filters/${f.id}`}><span><b dir="auto">{f.title}</b><small class="filter-more" dir="auto">{f.keywords.map(k => k.keyword).join(', ')}</small></span>
      <span class="quiet">{f.statuses.length > 0 && tn('{0} post', '{0} posts', f.statuses.length)} {f.expiresAt && t('Ends {0}', until(f.expiresAt))}</span></a>
      <IconButton icon="trash" label={t('Delete the filter “{0}”', f.title)} onClick={() => void remove(f)} /></li>)}</ul>;
  }} /></Column>;
}

export function FilterView({ params }: { params: Params }) {
  return <Column>{params.id === 'new' ? <Editor filter={null} /> : <Loaded load={() => api.v2.filters.$select(params.id!).fetch()} draw={f => <Editor filter={f} />} />}</Column>;
}
