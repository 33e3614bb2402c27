// First steps, one after the other: the address, the profile, topics and people to follow with the reason for each, the first post.  Each can
// be skipped; where somebody was is kept in this browser; the end is the home timeline.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { mastodon } from 'masto';
import { navigate } from '../app/router.ts';
import { Column } from '../app/shell.tsx';
import { current } from '../api/accounts.ts';
import { api, call } from '../api/client.ts';
import { openComposer } from '../compose/open.tsx';
import { msg, t, tx } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { handle } from '../store/handle.ts';
import { me } from '../store/me.ts';
import { putPerson } from '../store/people.ts';
import { PartBones, PersonBones } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { attempt } from '../ui/toast.tsx';
import { Loaded } from './parts.tsx';
import { read, write } from './start-kept.ts';

const reasons: Record<string, string> = {
  featured: msg('Recommended by this server'), most_followed: msg('Followed by many here'), most_interactions: msg('Talked about a lot here'),
  similar_to_recently_followed: msg('Like people you follow'), friends_of_friends: msg('Followed by people you follow'),
};

function Topic({ tag }: { tag: mastodon.v1.Tag }) {
  const on = useSignal(tag.following ?? false);
  const toggle = (): void => void attempt(async () => {
    const one = api.v1.tags.$select(encodeURIComponent(tag.name));
    on.value = (on.peek() ? await one.unfollow() : await one.follow()).following ?? false;
  });
  return <button type="button" class="button" aria-pressed={on.value} onClick={toggle}>{on.value ? '✓ ' : ''}#{tag.name}</button>;
}

function Suggested({ one }: { one: mastodon.v1.Suggestion }) {
  const why = reasons[one.sources?.[0] ?? ''];
  return <li class="suggested">{why && <p class="quiet">{t(why)}</p>}<PersonRow person={putPerson(one.account)} /></li>;
}

function Address() {
  return <><p>{tx('You are {0}. People on any server find you by this address, and you find them by theirs.', <b><bdi>{current.value && handle(current.value)}</bdi></b>)}</p>
    <p class="quiet">{t('It is like an e-mail address: your name, and the server that keeps your account.')}</p></>;
}

// The two things that tell most; the rest has its page.
function ProfileStep({ onDone }: { onDone: () => void }) {
  return <Loaded load={() => call<mastodon.v1.Profile>('GET', '/api/v1/profile')} draw={p => <ProfileForm profile={p} onDone={onDone} />} />;
}

function ProfileForm({ profile, onDone }: { profile: mastodon.v1.Profile; onDone: () => void }) {
  const name = useSignal(profile.displayName), note = useSignal(profile.note);
  const save = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => {
      await call('PUT', '/api/v1/profile', { display_name: name.peek().trim(), note: note.peek() });
      putPerson(me.value = await api.v1.accounts.verifyCredentials());
      onDone();
    });
  };
  return <form id="start-profile" class="stack" onSubmit={save}>
    <p>{t('A picture and a few words tell people who follows them.')}</p>
    <label class="field"><span>{t('Name shown')}</span><input maxLength={100} dir="auto" value={name.value} onInput={e => { name.value = e.currentTarget.value; }} /></label>
    <label class="field"><span>{t('About you')}</span><textarea rows={3} dir="auto" value={note.value} onInput={e => { note.value = e.currentTarget.value; }} /></label>
    <p><a href="/settings/profile">{t('Pictures and everything else')}</a></p>
  </form>;
}

// What is talked about here, and any other word: a new server has no trends.
function Topics() {
  const own = useSignal<mastodon.v1.Tag[]>([]), name = useSignal('');
  const follow = (e: Event): void => {
    e.preventDefault();
    const wanted = name.peek().trim().replace(/^#/, '');
    void attempt(async () => {
      const tag = await api.v1.tags.$select(encodeURIComponent(wanted)).follow();
      own.value = [...own.peek().filter(x => x.name !== tag.name), tag];
      name.value = '';
    });
  };
  return <><p>{t('Follow a hashtag and its public posts come to you.')}</p>
    <Loaded waits={PartBones} load={async () => await api.v1.trends.tags.list({ limit: 12 }) as mastodon.v1.Tag[]} draw={tags => <div class="chips">{[...tags, ...own.value.filter(x => !tags.some(y => y.name === x.name))].map(x => <Topic tag={x} key={x.name} />)}</div>} />
    <form class="inline-form" onSubmit={follow}><label class="sr" for="start-tag">{t('Another hashtag')}</label>
      <input id="start-tag" placeholder={t('Another hashtag')} autocapitalize="off" value={name.value} onInput={e => { name.value = e.currentTarget.value; }} /><Button type="submit" disabled={name.value.trim() === ''}>{t('Follow')}</Button></form></>;
}

function People() {
  return <><p>{t('Nothing is chosen for you: your home timeline has what these people write, the newest first.')}</p>
    <Loaded waits={PersonBones} load={async () => await api.v2.suggestions.list({ limit: 10 })} draw={list => (list.length === 0 ? <p class="notice">{t('Nobody can be suggested yet. The search finds people on any server by their address.')}</p> : <ul class="plain-list">{list.map(s => <Suggested one={s} key={s.account.id} />)}</ul>)} />
    <p><a href="/directory">{t('Look into the directory')}</a></p></>;
}

function FirstPost() {
  return <><p>{t('Say hello. Many write #introduction and what they care about.')}</p>
    <div class="actions"><Button onClick={() => void openComposer({ text: '#introduction ' })}>{t('Write it')}</Button></div></>;
}

const steps: { title: string; draw: (next: () => void) => ComponentChildren; form?: string }[] = [
  { title: msg('Your address'), draw: () => <Address /> },
  { title: msg('Your profile'), draw: next => <ProfileStep onDone={next} />, form: 'start-profile' },
  { title: msg('Topics'), draw: () => <Topics /> },
  { title: msg('People to follow'), draw: () => <People /> },
  { title: msg('Your first post'), draw: () => <FirstPost /> },
];

export function StartView() {
  const id = current.value?.id ?? '', now = useSignal(read(id, steps.length)), heading = useRef<HTMLHeadingElement>(null), moved = useRef(false);
  const at = now.value, step = steps[at]!, last = at === steps.length - 1;
  const go = (to: number): void => {
    moved.current = true;
    write(id, to);
    now.value = to;
  };
  const next = (): void => {
    if (!last) return go(at + 1);
    write(id, 0);
    navigate('/home');
  };
  // Whoever listens or uses the keyboard goes on where the step begins.
  useLayoutEffect(() => { if (moved.current) heading.current?.focus(); }, [at]);
  return <Column>
    <section class="pad settings-section start" key={at}>
      <p class="quiet">{t('Step {0} of {1}', at + 1, steps.length)}</p>
      <progress max={steps.length} value={at + 1} aria-hidden="true" />
      <h2 ref={heading} tabIndex={-1}>{t(step.title)}</h2>
      {step.draw(next)}
      <div class="actions">
        {step.form ? <button class="button main" type="submit" form={step.form}>{t('Save and go on')}</button> : <Button kind="main" onClick={next}>{last ? t('To your home timeline') : t('Go on')}</Button>}
        {step.form && <Button onClick={next}>{t('Skip')}</Button>}
        {at > 0 && <Button onClick={() => go(at - 1)}>{t('Back')}</Button>}
        {!last && <Button onClick={() => navigate('/home')}>{t('Later')}</Button>}
      </div>
    </section>
  </Column>;
}
