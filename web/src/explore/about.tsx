// The server: who runs it, by which rules, and whom it does not talk to.
import { useSignal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import { Column } from '../app/shell.tsx';
import { call } from '../api/client.ts';
import { msg, number, t } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { server } from '../store/me.ts';
import { putPerson } from '../store/people.ts';
import { Spinner } from '../ui/bits.tsx';
import { Html } from '../ui/html.tsx';

interface Block {
  domain: string;
  severity: string;
  comment: string;
}

const severities: Record<string, string> = { silence: msg('limited'), suspend: msg('blocked') };

// Loaded when it is opened; what a server does not publish is not there.
function Part<T>({ title, path, draw }: { title: string; path: string; draw: (x: T) => ComponentChild }) {
  const found = useSignal<T | null>(null), none = useSignal(false);
  const load = (e: Event): void => {
    if ((e.currentTarget as HTMLDetailsElement).open && found.peek() === null) call<T>('GET', path).then(x => { found.value = x; }, () => { none.value = true; });
  };
  return <details class="operators about-part" onToggle={load}><summary>{title}</summary>{found.value ? draw(found.value) : none.value ? <p class="quiet">{t('This server does not publish it.')}</p> : <Spinner />}</details>;
}

export function AboutView() {
  const s = server.value, contact = s?.contact;
  useEffect(() => { if (contact?.account) putPerson(contact.account); }, [contact]);
  if (!s) return <Column><Spinner /></Column>;
  return <Column>
    {s.thumbnail.url && <img class="about-image" src={s.thumbnail.url} alt={s.thumbnail.description ?? ''} />}
    <div class="pad about-head"><h2>{s.title}</h2><p>{s.description}</p><p class="quiet"><bdi>{s.domain}</bdi> · {t('{0} active people this month', number(s.usage.users.activeMonth))} · {s.version}</p></div>
    {contact && (contact.account || contact.email) && <section><h2 class="section-title">{t('Who runs it')}</h2>{contact.account && <PersonRow person={contact.account} />}{contact.email && <p class="pad"><a href={`mailto:${contact.email}`}>{contact.email}</a></p>}</section>}
    {s.rules.length > 0 && <section><h2 class="section-title">{t('Rules')}</h2><ol class="rules">{s.rules.map(r => <li key={r.id}><b dir="auto">{r.text}</b>{r.hint && <p class="quiet" dir="auto">{r.hint}</p>}</li>)}</ol></section>}
    <Part<{ content: string }> title={t('About this server')} path="/api/v1/instance/extended_description" draw={x => <Html html={x.content} />} />
    <Part<{ content: string }> title={t('Privacy policy')} path="/api/v1/instance/privacy_policy" draw={x => <Html html={x.content} />} />
    <Part<{ content: string }> title={t('Terms of service')} path="/api/v1/instance/terms_of_service" draw={x => <Html html={x.content} />} />
    <Part<Block[]> title={t('Moderated servers')} path="/api/v1/instance/domain_blocks" draw={list => (list.length === 0 ? <p class="quiet">{t('None.')}</p> : <ul class="blocks">{list.map(b => <li key={b.domain}><bdi>{b.domain}</bdi> <span class="tag">{t(severities[b.severity] ?? severities.suspend!)}</span>{b.comment && <p class="quiet" dir="auto">{b.comment}</p>}</li>)}</ul>)} />
  </Column>;
}
