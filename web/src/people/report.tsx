// Telling the moderators about somebody, in steps; from a profile or from a post.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { mastodon } from 'masto';
import { api, call } from '../api/client.ts';
import { day, language, msg, t } from '../i18n/index.ts';
import { server } from '../store/me.ts';
import { type Person, block, follow, mute, relationship } from '../store/people.ts';
import { Failed, Spinner } from '../ui/bits.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { plain } from '../ui/html.tsx';
import { attempt } from '../ui/toast.tsx';
import { type Category, type Report, type Step, after, before, begin, mayGoOn, payload } from './report-steps.ts';

const categories: [Category, string, string][] = [
  ['spam', msg('It is spam'), msg('Malicious links, made-up engagement, the same answer again and again')],
  ['violation', msg('It breaks a rule of this server'), msg('You know which one')],
  ['legal', msg('It is against the law'), msg('The law of the country of this server or of yours')],
  ['other', msg('Something else'), msg('Say it in your own words')],
];
const titles: Record<Step, string> = { category: msg('What is wrong?'), rules: msg('Which rules?'), posts: msg('Which posts show it?'), comment: msg('Anything to add?'), done: msg('Thank you') };

type Set = (change: Partial<Report>) => void;

function CategoryStep({ report, set }: { report: Report; set: Set }) {
  return <div class="ticks">{categories.map(([value, text, more]) => <label class="tick" key={value}><input type="radio" name="category" checked={report.category === value} onChange={() => set({ category: value })} />
    <span>{t(text)}<small class="quiet">{t(more)}</small></span></label>)}</div>;
}

const toggled = (list: string[], id: string, on: boolean): string[] => (on ? [...list, id] : list.filter(x => x !== id));

function RulesStep({ report, set }: { report: Report; set: Set }) {
  return <div class="ticks">{(server.value?.rules ?? []).map(r => <label class="tick" key={r.id}><input type="checkbox" checked={report.ruleIds.includes(r.id)} onChange={e => set({ ruleIds: toggled(report.ruleIds, r.id, e.currentTarget.checked) })} />
    <span dir="auto">{r.translations?.[language.value]?.text ?? r.text}</span></label>)}</div>;
}

function PostsStep({ report, set, given }: { report: Report; set: Set; given?: string }) {
  const posts = useSignal<mastodon.v1.Status[] | null>(null), error = useSignal<unknown>(null);
  const load = (): void => {
    error.value = null;
    void (async () => {
      const own = await api.v1.accounts.$select(report.accountId).statuses.list({ limit: 20, excludeReblogs: true }) as mastodon.v1.Status[];
      const first = given && !own.some(p => p.id === given) ? [await api.v1.statuses.$select(given).fetch() as mastodon.v1.Status] : [];
      posts.value = [...first, ...own];
    })().catch(e => { error.value = e; });
  };
  useEffect(load, []);
  if (error.value) return <Failed error={error.value} retry={load} />;
  if (!posts.value) return <Spinner />;
  if (posts.value.length === 0) return <p>{t('There are no posts to choose from. You can go on without.')}</p>;
  return <div class="ticks scroll">{posts.value.map(p => <label class="tick" key={p.id}><input type="checkbox" checked={report.statusIds.includes(p.id)} onChange={e => set({ statusIds: toggled(report.statusIds, p.id, e.currentTarget.checked) })} />
    <span><span class="clamp" dir="auto">{p.spoilerText || plain(p.content) || t('A post without text')}</span><small class="quiet">{day(p.createdAt)}</small></span></label>)}</div>;
}

function CommentStep({ report, set, person: p }: { report: Report; set: Set; person: Person }) {
  const host = p.acct.split('@')[1];
  return <>
    <label class="field"><span>{t('What the moderators should know')}</span>
      <textarea rows={4} maxLength={1000} value={report.comment} onInput={e => set({ comment: e.currentTarget.value })} /></label>
    {host && <label class="tick"><input type="checkbox" checked={report.forward} onChange={e => set({ forward: e.currentTarget.checked })} />
      <span>{t('Send a copy to {0} too', host)}<small class="quiet">{t('The account is from another server. Its moderators are not told who you are.')}</small></span></label>}
  </>;
}

// What one can do oneself, at once.
function DoneStep({ person: p }: { person: Person }) {
  const r = relationship(p.id).value;
  return <>
    <p>{t('The moderators look at it. Until then you can help yourself:')}</p>
    <div class="actions">
      {r?.following && <Button onClick={() => void attempt(() => follow(p.id, false))}>{t('Unfollow')}</Button>}
      {!r?.muting && <Button onClick={() => void attempt(() => mute(p.id, true))}>{t('Mute')}</Button>}
      {!r?.blocking && <Button kind="danger" onClick={() => void attempt(() => block(p.id, true))}>{t('Block')}</Button>}
    </div>
  </>;
}

function Inside({ step, report, set, person: p, given }: { step: Step; report: Report; set: Set; person: Person; given?: string }) {
  switch (step) {
    case 'category': return <CategoryStep report={report} set={set} />;
    case 'rules': return <RulesStep report={report} set={set} />;
    case 'posts': return <PostsStep report={report} set={set} given={given} />;
    case 'comment': return <CommentStep report={report} set={set} person={p} />;
    case 'done': return <DoneStep person={p} />;
  }
}

function ReportDialog({ person: p, given, close }: { person: Person; given?: string; close: () => void }) {
  const report = useSignal(begin(p.id, given)), step: Signal<Step> = useSignal('category'), busy = useSignal(false), heading = useRef<HTMLHeadingElement>(null);
  const hasRules = (server.value?.rules.length ?? 0) > 0, previous = before(step.value, report.value, hasRules);
  useLayoutEffect(() => heading.current?.focus(), [step.value]);
  const go = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (busy.peek()) return;
    if (step.peek() === 'done') return close();
    if (step.peek() === 'comment') {
      busy.value = true;
      const sent = await attempt(() => call('POST', '/api/v1/reports', payload(report.peek())));
      busy.value = false;
      if (!sent) return;
    }
    step.value = after(step.peek(), report.peek(), hasRules);
  };
  return <Dialog title={t('Report {0}', `@${p.acct}`)} onClose={close}>
    <form class="stack report" onSubmit={e => void go(e)}>
      <fieldset><legend><h3 ref={heading} tabIndex={-1}>{t(titles[step.value])}</h3></legend>
        <Inside step={step.value} report={report.value} set={change => { report.value = { ...report.peek(), ...change }; }} person={p} given={given} /></fieldset>
      <div class="actions">
        <Button type="submit" kind="main" busy={busy.value} disabled={!mayGoOn(step.value, report.value)}>{step.value === 'done' ? t('Done') : step.value === 'comment' ? t('Send the report') : t('Next')}</Button>
        {previous && <Button onClick={() => { step.value = previous; }}>{t('Back')}</Button>}
      </div>
    </form>
  </Dialog>;
}

// given: the post that is the reason.
export const openReport = (p: Person, given?: string): void => show(close => <ReportDialog person={p} given={given} close={close} />);
