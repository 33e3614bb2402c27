// Who of those one follows follows somebody too.
import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../api/client.ts';
import { tn, tx } from '../i18n/index.ts';
import { type Person, putPerson } from '../store/people.ts';
import { PersonLink } from '../ui/bits.tsx';

const known = new Map<string, Signal<Person[]>>();

function familiar(id: string): Signal<Person[]> {
  let found = known.get(id);
  if (!found) {
    found = signal([]);
    known.set(id, found);
  }
  return found;
}

// One after another: a page of people asks in one batch.
let wanted: string[] = [];

async function ask(): Promise<void> {
  const ids = wanted.splice(0, 40);
  const query = ids.map(id => `id[]=${id}`).join('&');
  try {
    for (const f of await call<{ id: string; accounts: Person[] }[]>('GET', `/api/v1/accounts/familiar_followers?${query}`)) familiar(f.id).value = f.accounts.map(putPerson);
  } catch {
    // Nothing is said about who is not known.
  }
}

export function Familiar({ id }: { id: string }) {
  const people = familiar(id).value;
  useEffect(() => {
    if (wanted.length === 0) queueMicrotask(() => void ask());
    wanted.push(id);
  }, [id]);
  if (people.length === 0) return null;
  const [a, b] = people, more = people.length - 2;
  return <p class="familiar"><span class="faces">{people.slice(0, 3).map(p => <img class="avatar" src={p.avatarStatic} alt="" width="24" height="24" />)}</span>
    <span>{!b ? tx('Followed by {0}', <PersonLink person={a!} />) : more < 1 ? tx('Followed by {0} and {1}', <PersonLink person={a!} />, <PersonLink person={b} />)
      : <>{tx('Followed by {0}, {1}', <PersonLink person={a!} />, <PersonLink person={b} />)} {tn('and one more you follow', 'and {0} more you follow', more)}</>}</span></p>;
}

