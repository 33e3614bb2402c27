// Writing on a page of its own: /publish, and /share?text=…&url=… for what other programs hand over.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column } from '../app/shell.tsx';
import { navigate, place } from '../app/router.ts';
import { Failed, Spinner } from '../ui/bits.tsx';
import { Composer } from './composer.tsx';
import { claim } from './draft.ts';
import { Session, settled } from './session.ts';

export function shared(query: URLSearchParams): string {
  const given = ['title', 'text', 'url'].map(k => query.get(k)?.trim() ?? '').filter(Boolean);
  return given.filter((x, i) => !given.some((y, k) => k !== i && (y.includes(x) && (y !== x || k < i)))).join('\n\n');
}

export function PublishView() {
  const session = useSignal<Session | null>(null), error = useSignal<unknown>(null), again = useSignal(0);
  useEffect(() => {
    let gone = false;
    const text = shared(place.peek().query);
    error.value = null;
    void settled().then(() => claim({ text }, Boolean(text))).then(at => Session.open({ text }, at)).then(s => {
      if (gone) return s.leave();
      session.value = s;
      if (text) history.replaceState(history.state, '', '/publish'); // a reload finds the draft, not the same text once more
    }, e => { error.value = e; });
    return () => {
      gone = true;
      session.peek()?.leave();
    };
  }, [again.value]);
  return <Column><div class="pad">
    {error.value ? <Failed error={error.value} retry={() => { again.value++; }} /> : session.value ? <Composer session={session.value} onDone={() => navigate('/home')} /> : <Spinner />}
  </div></Column>;
}
