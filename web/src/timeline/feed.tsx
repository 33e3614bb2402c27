// How a timeline looks: what is new is offered, the rest is a long list with gaps that can be closed.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { onLeave } from '../app/leave.ts';
import { toTop, usePane } from '../app/pane.ts';
import { t, tn } from '../i18n/index.ts';
import { type Context, leftOut } from '../status/filter.ts';
import { Status } from '../status/status.tsx';
import { post } from '../store/posts.ts';
import { person } from '../store/people.ts';
import { type Item, type Timeline, newer } from '../store/timelines.ts';
import { every } from '../ui/every.ts';
import { Empty, Failed } from '../ui/bits.tsx';
import { PostBones, ResumeBone } from '../ui/bones.tsx';
import { Icon } from '../ui/icon.tsx';
import { announce, attempt } from '../ui/toast.tsx';
import { WindowList, scrollToRow } from '../ui/window-list.tsx';

function Gap({ timeline, gap }: { timeline: Timeline; gap: Item & { kind: 'gap' } }) {
  const busy = useSignal(false);
  const fill = async (): Promise<void> => {
    if (busy.peek()) return;
    busy.value = true;
    await attempt(() => timeline.fill(gap));
    busy.value = false;
  };
  return <button type="button" class="gap" aria-disabled={busy.value || undefined} onClick={() => void fill()}><Icon name="more" />{busy.value ? t('Loading') : t('Load what is missing here')}</button>;
}

// The faces of those who wrote, and how many posts wait.
function Offer({ timeline, context }: { timeline: Timeline; context: Context }) {
  const ids = timeline.waiting.value.filter(id => !leftOut(id, context)), told = useRef(0), pane = usePane();
  // Said once, then not again for a while: a busy timeline would speak without end.
  useEffect(() => {
    if (ids.length === 0 || Date.now() - told.current < 30_000) return;
    told.current = Date.now();
    announce(tn('{0} new post', '{0} new posts', ids.length));
  }, [ids.length]);
  if (ids.length === 0) return null;
  const authors = [...new Set(ids.map(id => post(id)?.accountId).filter(x => x !== undefined))].slice(0, 3).map(id => person(id)).filter(x => x !== undefined);
  const take = (): void => {
    timeline.show();
    toTop(pane, true);
  };
  return <div class="offer"><button type="button" onClick={take}><Icon name="up" />{authors.map(a => <img class="avatar tiny" src={a.avatarStatic} alt="" width="24" height="24" />)}{tn('{0} new post', '{0} new posts', ids.length)}</button></div>;
}

const keyOf = (i: Item): string => (i.kind === 'post' ? i.id : i.kind === 'mark' ? 'mark' : `gap-${i.above}`);

// How far one has read, here or on another device.
function Resume({ timeline, wait }: { timeline: Timeline; wait: boolean }) {
  const mark = timeline.mark.value, first = timeline.items.value.find(i => i.kind === 'post');
  const asked = useSignal(false), pane = usePane();
  if (wait || timeline.state.value === 'new' || (timeline.state.value === 'loading' && !first)) return <ResumeBone />;
  if (!mark || asked.value || first?.kind !== 'post' || !newer(first.id, mark)) return null;
  const go = (): void => {
    asked.value = true;
    void attempt(async () => {
      await timeline.reachMark();
      scrollToRow(pane.element(), timeline.source.key, timeline.shown.peek().map(keyOf), 'mark');
    });
  };
  return <button type="button" class="resume" onClick={go}><Icon name="down" />{t('Go to where you stopped reading')}</button>;
}

interface FeedProps {
  timeline: Timeline;
  context: Context;
  label: string;
  empty: ComponentChildren;
  top?: ComponentChildren; // above what is offered, which never covers it
  before?: ComponentChildren;
  wait?: boolean; // what stands before is not known yet
}

export function Feed({ timeline, context, label, empty, top, before, wait = false }: FeedProps) {
  const pane = usePane();
  useEffect(() => timeline.open(), [timeline]);
  // No stream brings what one person posts; a column that stays asks.
  useEffect(() => (pane.pinned && !timeline.source.channel ? every(() => void timeline.catchUp()) : undefined), [timeline]);
  useEffect(() => {
    const tell = (): void => void timeline.tell(), stop = onLeave(tell);
    return () => {
      stop();
      tell();
    };
  }, [timeline]);
  const items = wait ? [] : timeline.shown.value.filter(i => i.kind !== 'post' || !leftOut(i.id, context)), state = timeline.state.value, loads = wait || state === 'loading' || state === 'new';
  const begun = !loads || items.length > 0;
  return <>
    {top}
    <Offer timeline={timeline} context={context} />
    {begun && before}
    {timeline.source.marked && <Resume timeline={timeline} wait={wait} />}
    <WindowList list={timeline.source.key} items={items} loaded={timeline.items.value.length} label={label} busy={loads} keyOf={keyOf} onTop={i => { if (i.kind === 'post') timeline.seen(i.id); }}
      draw={i => (i.kind === 'post' ? <Status id={i.id} context={context} /> : i.kind === 'gap' ? <Gap timeline={timeline} gap={i} /> : <p class="mark-line"><span>{t('You have read up to here')}</span></p>)} onEnd={() => { if (!wait && timeline.state.peek() === 'ready') void timeline.older(); }} />
    {loads && <PostBones n={items.length > 0 ? 2 : undefined} />}
    {!wait && state === 'failed' && <Failed error={timeline.error.value} retry={() => void timeline.older()} />}
    {!wait && state === 'end' && (items.length === 0 ? <Empty>{empty}</Empty> : <p class="end">{t('That is all.')}</p>)}
  </>;
}
