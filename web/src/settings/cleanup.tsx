// Old posts that go by themselves: which, after how long, and how many would go now.
import { type Signal, useSignal } from '@preact/signals';
import { Column } from '../app/shell.tsx';
import { call } from '../api/client.ts';
import { msg, number, t, tn } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { confirm } from '../ui/dialog.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { Loaded, Section, Tick } from './parts.tsx';

interface Cleanup {
  enabled: boolean;
  minStatusAge: number;
  keepDirect: boolean;
  keepPinned: boolean;
  keepPolls: boolean;
  keepMedia: boolean;
  keepSelfFav: boolean;
  keepSelfBookmark: boolean;
  minFavs: number;
  minReblogs: number;
  wouldDelete: number;
  wouldDeleteMore: boolean;
}
type Keep = 'keepDirect' | 'keepPinned' | 'keepPolls' | 'keepMedia' | 'keepSelfFav' | 'keepSelfBookmark';

const PATH = '/api/v1/status_cleanup';
const ages: [number, string][] = [
  [1_209_600, msg('2 weeks')], [2_629_746, msg('1 month')], [5_259_492, msg('2 months')], [7_889_238, msg('3 months')], [15_778_476, msg('6 months')],
  [31_556_952, msg('1 year')], [63_113_904, msg('2 years')],
];
const keeps: [Keep, string][] = [
  ['keepPinned', msg('Pinned posts')], ['keepSelfBookmark', msg('Posts I bookmarked')], ['keepSelfFav', msg('Posts I favourited')],
  ['keepDirect', msg('Private mentions')], ['keepMedia', msg('Posts with media')], ['keepPolls', msg('Polls')],
];

const wish = (c: Cleanup): object => ({
  enabled: c.enabled, min_status_age: c.minStatusAge, keep_direct: c.keepDirect, keep_pinned: c.keepPinned, keep_polls: c.keepPolls, keep_media: c.keepMedia,
  keep_self_fav: c.keepSelfFav, keep_self_bookmark: c.keepSelfBookmark, min_favs: c.minFavs, min_reblogs: c.minReblogs,
});

function Threshold({ label, value, onChange }: { label: string; value: number; onChange: (n: number) => void }) {
  return <label class="field"><span>{label}</span><input type="number" min={1} max={1_000_000} inputMode="numeric" value={value > 0 ? value : ''} onChange={e => onChange(e.currentTarget.valueAsNumber || 0)} /></label>;
}

function Preview({ state }: { state: Cleanup }) {
  const n = state.wouldDelete;
  return <p class="notice" role="status">{n === 0 ? t('None of your posts would go now.') : state.wouldDeleteMore ? t('More than {0} posts would go now.', number(n)) : tn('{0} post would go now.', '{0} posts would go now.', n)}</p>;
}

function Page({ saved, set }: { saved: Cleanup; set: (c: Cleanup) => void }) {
  const draft: Signal<Cleanup> = useSignal(saved), d = draft.value;
  const change = (part: Partial<Cleanup>): void => {
    draft.value = { ...draft.peek(), ...part };
    void attempt(async () => { // what is typed meanwhile stays
      const { wouldDelete, wouldDeleteMore } = await call<Cleanup>('POST', `${PATH}/preview`, wish(draft.peek()));
      draft.value = { ...draft.peek(), wouldDelete, wouldDeleteMore };
    });
  };
  const save = async (e: Event): Promise<void> => {
    e.preventDefault();
    const begins = d.enabled && !saved.enabled;
    if (begins && !await confirm(t('Delete old posts by themselves?'), t('What is deleted cannot be brought back.'), t('Switch on'))) return;
    await attempt(async () => { set(draft.value = await call<Cleanup>('PUT', PATH, wish(d))); say(t('Saved')); });
  };
  return <form onSubmit={e => void save(e)}>
    <Section title={t('Old posts')}>
      <Tick text={t('Delete my old posts by themselves')} more={t('Your posts and boosts go a few at a time; other servers are asked to delete them too.')} checked={d.enabled} onChange={enabled => change({ enabled })} />
      <label class="field"><span>{t('When they are older than')}</span><select value={d.minStatusAge} onChange={e => change({ minStatusAge: Number(e.currentTarget.value) })}>{ages.map(([s, text]) => <option value={s}>{t(text)}</option>)}</select></label>
    </Section>
    <Section title={t('What stays')}>
      <div>{keeps.map(([key, text]) => <Tick key={key} text={t(text)} checked={d[key]} onChange={on => change({ [key]: on })} />)}</div>
      <Threshold label={t('Posts with at least so many favourites')} value={d.minFavs} onChange={minFavs => change({ minFavs })} />
      <Threshold label={t('Posts with at least so many boosts')} value={d.minReblogs} onChange={minReblogs => change({ minReblogs })} />
      <Preview state={d} />
      <div class="actions"><Button type="submit" kind="main">{t('Save')}</Button></div>
    </Section>
  </form>;
}

export function CleanupSettings() {
  return <Column><Loaded load={() => call<Cleanup>('GET', PATH)} draw={(c, set) => <Page saved={c} set={set} />} /></Column>;
}
