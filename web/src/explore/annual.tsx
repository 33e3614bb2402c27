// A year of one's own account in numbers.  Nobody else sees it.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column, useTitle } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { call } from '../api/client.ts';
import { language, msg, number, t, tn } from '../i18n/index.ts';
import { Status } from '../status/status.tsx';
import { putPerson } from '../store/people.ts';
import { putStatuses } from '../store/posts.ts';
import { Empty, Failed, Spinner } from '../ui/bits.tsx';
import { Button } from '../ui/button.tsx';
import { attempt } from '../ui/toast.tsx';
import type { mastodon } from 'masto';

interface Data {
  archetype: string;
  typeDistribution: { total: number; reblogs: number; replies: number; standalone: number };
  topStatuses: { byReblogs?: string | null; byFavourites?: string | null; byReplies?: string | null };
  topHashtags: { name: string; count: number }[];
  timeSeries: { month: number; statuses: number; following: number; followers: number }[];
}

interface Answer {
  annualReports: { year: number; data: Data }[];
  accounts: mastodon.v1.Account[];
  statuses: mastodon.v1.Status[];
}

const archetypes: Record<string, string> = {
  lurker: msg('You read more than you wrote.'),
  booster: msg('You passed on what others wrote.'),
  pollster: msg('You asked questions and let others vote.'),
  replier: msg('You talked with people.'),
  oracle: msg('You wrote posts of your own.'),
};

function Months({ series }: { series: Data['timeSeries'] }) {
  const top = Math.max(...series.map(m => m.statuses), 1), name = (m: number): string => new Intl.DateTimeFormat(language.value, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, m - 1, 1));
  return <ol class="months">{series.map(m => <li key={m.month}><span class="sr">{tn('{0} post', '{0} posts', m.statuses)}, </span><meter min={0} max={top} value={m.statuses} aria-hidden="true" /><span>{name(m.month)}</span><b aria-hidden="true">{number(m.statuses)}</b></li>)}</ol>;
}

function Report({ data: d }: { data: Data }) {
  const gained = d.timeSeries.reduce((n, m) => n + m.followers, 0), first = d.topStatuses.byReblogs ?? d.topStatuses.byFavourites ?? d.topStatuses.byReplies;
  const tiles: [number, string][] = [[d.typeDistribution.total, t('Posts')], [d.typeDistribution.replies, t('Replies')], [d.typeDistribution.reblogs, t('Boosts')], [gained, t('New followers')]];
  return <div class="year pad">
    <p class="year-type">{t(archetypes[d.archetype] ?? archetypes.lurker!)}</p>
    <dl class="tiles">{tiles.map(([n, text]) => <div key={text}><dt>{text}</dt><dd>{number(n)}</dd></div>)}</dl>
    {d.timeSeries.length > 0 && <section><h2>{t('Month by month')}</h2><Months series={d.timeSeries} /></section>}
    {d.topHashtags.length > 0 && <section><h2>{t('Your hashtags')}</h2><p class="chips">{d.topHashtags.map(h => <a key={h.name} class="tag" href={`/tags/${encodeURIComponent(h.name)}`}>#{h.name} · {number(h.count)}</a>)}</p></section>}
    {first && <section><h2>{t('Your post that went furthest')}</h2><Status id={first} /></section>}
  </div>;
}

export function AnnualView({ params }: { params: Params }) {
  const found = useSignal<{ year: number; data: Data } | null>(null), state = useSignal(''), error = useSignal<unknown>(null);
  const year = Number(params.year) || new Date().getFullYear();
  useTitle(t('Your {0} in review', String(found.value?.year ?? year)));
  const load = async (): Promise<void> => {
    const s = (await call<{ state: string }>('GET', `/api/v1/annual_reports/${year}/state`)).state;
    if (s === 'available') {
      const r = await call<Answer>('GET', `/api/v1/annual_reports/${year}`);
      r.accounts.forEach(putPerson);
      putStatuses(r.statuses);
      found.value = r.annualReports.find(x => x.year === year) ?? null;
      void call('POST', `/api/v1/annual_reports/${year}/read`).catch(() => undefined);
    } else if (s === 'generating') setTimeout(run, 2000);
    state.value = s;
  };
  const run = (): void => void load().catch(e => { error.value = e; });
  useEffect(run, [year]);
  const generate = (): void => void attempt(async () => {
    await call('POST', `/api/v1/annual_reports/${year}/generate`);
    await load();
  });
  return <Column>
    {found.value ? <Report data={found.value.data} /> : error.value ? <Failed error={error.value} retry={run} />
      : state.value === 'eligible' ? <Empty><p>{t('Your year in numbers is made when you ask for it. Only you see it.')}</p><Button kind="main" onClick={generate}>{t('Make it')}</Button></Empty>
      : state.value === 'ineligible' ? <Empty><p>{t('There is no review of this year.')}</p></Empty> : <Spinner />}
  </Column>;
}
