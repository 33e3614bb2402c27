// How others see one: names, pictures with their descriptions, fields, and who may find one.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { api, call } from '../api/client.ts';
import { msg, t } from '../i18n/index.ts';
import { me, server } from '../store/me.ts';
import { putPerson } from '../store/people.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { type Draft, type Switch, draftOf, moved, payload } from './profile-draft.ts';
import { Loaded, Section, Tick } from './parts.tsx';

const switches: { key: Switch; text: string; more?: string }[] = [
  { key: 'locked', text: msg('Ask me before somebody follows'), more: msg('New followers wait until you accept them.') },
  { key: 'discoverable', text: msg('Suggest me to others'), more: msg('In the directory, in suggestions and in trends.') },
  { key: 'indexable', text: msg('My public posts may be found by searching') },
  { key: 'hideCollections', text: msg('Hide whom I follow and who follows me') },
  { key: 'showMedia', text: msg('Show a page with my media') },
  { key: 'showMediaReplies', text: msg('Media of answers too') },
  { key: 'showFeatured', text: msg('Show what I feature') },
  { key: 'bot', text: msg('This account is automated') },
];

type Profile = mastodon.v1.Profile;

async function refresh(): Promise<void> {
  const a = await api.v1.accounts.verifyCredentials();
  me.value = a;
  putPerson(a);
}

function Picture({ which, label, url, description, onChange }: { which: 'avatar' | 'header'; label: string; url: string | null; description: string; onChange: () => Promise<void> }) {
  const input = useRef<HTMLInputElement>(null), text = useSignal(description);
  const send = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const form = new FormData();
    form.set(which, file);
    form.set(`${which}_description`, text.peek());
    await attempt(async () => { await call('PUT', '/api/v1/profile', form); await onChange(); say(t('Saved')); });
  };
  const describe = (): void => {
    if (text.peek() !== description) void attempt(async () => { await call('PUT', '/api/v1/profile', { [`${which}_description`]: text.peek() }); await onChange(); say(t('Saved')); });
  };
  return <div class={`picture of-${which}`}>
    {url ? <img src={url} alt={description} /> : <img class="none" src={`/static/${which}.png`} alt="" />}
    <input ref={input} type="file" accept="image/*" class="sr" tabIndex={-1} aria-label={label} onChange={e => void send(e.currentTarget.files?.[0])} />
    <div class="picture-in">
      <b>{label}</b>
      <div class="actions"><Button onClick={() => input.current?.click()}>{t('Choose a picture')}</Button>
        {url && <Button kind="danger" onClick={() => void attempt(async () => { await call('DELETE', `/api/v1/profile/${which}`); await onChange(); })}>{t('Remove')}</Button>}</div>
      {url && <label class="field"><span>{t('Description for people who do not see it')}</span><input maxLength={1500} value={text.value} onInput={e => { text.value = e.currentTarget.value; }} onBlur={describe} /></label>}
    </div>
  </div>;
}

function Fields({ draft, set, max }: { draft: Draft; set: (d: Partial<Draft>) => void; max: number }) {
  const change = (i: number, key: 'name' | 'value', v: string): void => set({ fields: draft.fields.map((f, n) => (n === i ? { ...f, [key]: v } : f)) });
  return <fieldset class="stack"><legend>{t('Fields')}</legend>
    {draft.fields.map((f, i) => <div class="field-row" key={i}>
      <input aria-label={t('Label {0}', i + 1)} placeholder={t('Label')} maxLength={255} value={f.name} onInput={e => change(i, 'name', e.currentTarget.value)} />
      <input aria-label={t('Content {0}', i + 1)} placeholder={t('Content')} maxLength={255} value={f.value} onInput={e => change(i, 'value', e.currentTarget.value)} />
      <IconButton icon="up" label={t('Move field {0} up', i + 1)} disabled={i === 0} onClick={() => set({ fields: moved(draft.fields, i, -1) })} />
      <IconButton icon="trash" label={t('Remove field {0}', i + 1)} onClick={() => set({ fields: draft.fields.filter((_, n) => n !== i) })} />
    </div>)}
    {draft.fields.length < max && <Button onClick={() => set({ fields: [...draft.fields, { name: '', value: '' }] })}>{t('Add a field')}</Button>}
    <p class="quiet">{t('A link to a page of yours that links back with rel="me" gets a tick.')}</p>
  </fieldset>;
}

function Words({ profile, onSaved }: { profile: Profile; onSaved: (p: Profile) => void }) {
  const draft = useSignal(draftOf(profile)), set = (d: Partial<Draft>): void => { draft.value = { ...draft.peek(), ...d }; };
  const max = (server.value?.configuration.accounts as { maxProfileFields?: number } | undefined)?.maxProfileFields ?? 4;
  const save = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => {
      onSaved(await call<Profile>('PUT', '/api/v1/profile', payload(draft.peek())));
      await refresh();
      say(t('Saved'));
    });
  };
  return <form class="stack" onSubmit={save}>
    <label class="field"><span>{t('Name shown')}</span><input maxLength={100} dir="auto" value={draft.value.displayName} onInput={e => set({ displayName: e.currentTarget.value })} /></label>
    <label class="field"><span>{t('About you')}</span><textarea rows={5} dir="auto" value={draft.value.note} onInput={e => set({ note: e.currentTarget.value })} /></label>
    <Fields draft={draft.value} set={set} max={max} />
    <fieldset><legend>{t('Reach')}</legend>{switches.map(s => <Tick key={s.key} text={t(s.text)} more={s.more && t(s.more)} checked={draft.value[s.key]} onChange={on => set({ [s.key]: on })} />)}</fieldset>
    <label class="field"><span>{t('Websites that may name you as author')}</span><textarea rows={2} autocapitalize="off" placeholder="example.com" value={draft.value.domains} onInput={e => set({ domains: e.currentTarget.value })} /></label>
    <div class="actions"><Button type="submit" kind="main">{t('Save')}</Button></div>
  </form>;
}

function Featured() {
  const tags = useSignal<mastodon.v1.FeaturedTag[]>([]), ideas = useSignal<mastodon.v1.Tag[]>([]), name = useSignal('');
  const load = async (): Promise<void> => { [tags.value, ideas.value] = await Promise.all([api.v1.featuredTags.list(), api.v1.featuredTags.suggestions.list()]); };
  useEffect(() => void attempt(load), []);
  const add = async (wanted: string): Promise<void> => { if (await attempt(async () => { await call('POST', '/api/v1/featured_tags', { name: wanted.trim().replace(/^#/, '') }); await load(); })) name.value = ''; };
  return <Section title={t('Featured hashtags')}>
    {tags.value.length > 0 && <ul class="chips">{tags.value.map(x => <li key={x.id}><b dir="auto">#{x.name}</b><IconButton icon="close" label={t('Remove {0}', `#${x.name}`)} onClick={() => void attempt(async () => { await api.v1.featuredTags.$select(x.id).remove(); await load(); })} /></li>)}</ul>}
    <form class="inline-form" onSubmit={e => { e.preventDefault(); void add(name.peek()); }}><label class="sr" for="feature-tag">{t('Hashtag to feature')}</label>
      <input id="feature-tag" placeholder={t('Hashtag to feature')} autocapitalize="off" value={name.value} onInput={e => { name.value = e.currentTarget.value; }} /><Button type="submit" disabled={name.value.trim() === ''}>{t('Add')}</Button></form>
    {ideas.value.length > 0 && <p class="quiet">{t('You often use:')} {ideas.value.slice(0, 6).map(x => <button type="button" class="link" key={x.name} onClick={() => void add(x.name)}>#{x.name}</button>)}</p>}
  </Section>;
}

export function ProfileSettings() {
  return <Column><Loaded load={() => call<Profile>('GET', '/api/v1/profile')} draw={(p, set, again) => {
    const changed = async (): Promise<void> => { await again(); await refresh(); };
    return <>
      <Section title={t('Pictures')}>
        <Picture which="avatar" label={t('Profile picture')} url={p.avatar} description={p.avatarDescription ?? ''} onChange={changed} />
        <Picture which="header" label={t('Picture across the top')} url={p.header} description={p.headerDescription ?? ''} onChange={changed} />
      </Section>
      <Section title={t('Words')}><Words profile={p} onSaved={set} /></Section>
      <Featured />
    </>;
  }} /></Column>;
}
