// A list that is paged by the server's cursor.
import type { ComponentChild, ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { isWatched, usePane } from '../app/pane.ts';
import { t } from '../i18n/index.ts';
import type { Pages } from '../store/pages.ts';
import { every } from '../ui/every.ts';
import { Empty, Failed } from '../ui/bits.tsx';
import { PersonBones, type Wait } from '../ui/bones.tsx';
import { WindowList } from '../ui/window-list.tsx';

export function Paged<T>({ name, list, label, keyOf, draw, empty, waits: Waits = PersonBones }: { name: string; list: Pages<T>; label: string; keyOf: (x: T) => string; draw: (x: T) => ComponentChild; empty: ComponentChildren; waits?: ComponentType<Wait> }) {
  useEffect(() => { if (list.state.peek() === 'new') void list.more(); }, [list]);
  const pane = usePane();
  useEffect(() => list.hold(keyOf), [list]);
  // A column that stays looks for what is new, while its beginning is in sight.
  useEffect(() => {
    if (!pane.pinned) return;
    return every(() => { if (isWatched(pane)) void list.freshen(); });
  }, [list]);
  const state = list.state.value, items = list.items.value, loads = state === 'loading' || state === 'new';
  return <>
    <WindowList list={name} items={items} label={label} busy={loads} keyOf={keyOf} draw={draw} onEnd={() => { if (list.state.peek() === 'ready') void list.more(); }} />
    {loads && <Waits n={items.length > 0 ? 2 : undefined} />}
    {state === 'failed' && <Failed error={list.error.value} retry={() => void list.more()} />}
    {state === 'end' && (items.length === 0 ? <Empty>{empty}</Empty> : <p class="end">{t('That is all.')}</p>)}
  </>;
}
