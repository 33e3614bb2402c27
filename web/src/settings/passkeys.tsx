// Passkeys: keys of this or another device that sign in without the password.
import { useSignal } from '@preact/signals';
import { call } from '../api/client.ts';
import { day, t } from '../i18n/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { created, type CreationOptions, creation } from './passkey-bytes.ts';

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
}

const able = typeof PublicKeyCredential !== 'undefined' && 'credentials' in navigator;

function Password({ value, onInput }: { value: string; onInput: (v: string) => void }) {
  return <label class="field"><span>{t('Your password')}</span><input type="password" autocomplete="current-password" required value={value} onInput={e => onInput(e.currentTarget.value)} /></label>;
}

function Name({ value, onInput }: { value: string; onInput: (v: string) => void }) {
  return <label class="field"><span>{t('Name of the passkey')}</span><input required maxLength={60} placeholder={t('My phone')} value={value} onInput={e => onInput(e.currentTarget.value)} /></label>;
}

// The browser asks for a finger, a face or a PIN; who says no there has not made a mistake.
async function make(password: string, name: string): Promise<boolean> {
  const options = await call<CreationOptions>('POST', '/api/v1/passkeys/new', { password });
  let made: Credential | null;
  try {
    made = await navigator.credentials.create({ publicKey: creation(options) });
  } catch (e) {
    say((e as DOMException).name === 'InvalidStateError' ? t('This device has a passkey for you already.') : t('No passkey was made.'), true);
    return false;
  }
  await call('POST', '/api/v1/passkeys', { name, ...created(made as PublicKeyCredential) });
  return true;
}

function Add({ again, close }: { again: () => Promise<void>; close: () => void }) {
  const password = useSignal(''), name = useSignal(''), busy = useSignal(false);
  const add = (e: Event): void => {
    e.preventDefault();
    if (busy.peek()) return;
    busy.value = true;
    void attempt(async () => {
      if (!await make(password.peek(), name.peek())) return;
      close();
      say(t('You can sign in with this passkey now.'));
      await again();
    }).finally(() => { busy.value = false; });
  };
  return <Dialog title={t('Add a passkey')} onClose={close} class="small"><form class="stack" onSubmit={add}>
    <Name value={name.value} onInput={v => { name.value = v; }} />
    <Password value={password.value} onInput={v => { password.value = v; }} />
    <div class="actions"><Button type="submit" kind="main" busy={busy.value}>{t('Go on')}</Button></div>
  </form></Dialog>;
}

function Rename({ one, again, close }: { one: Passkey; again: () => Promise<void>; close: () => void }) {
  const name = useSignal(one.name);
  const save = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => { await call('PATCH', `/api/v1/passkeys/${one.id}`, { name: name.peek() }); close(); await again(); });
  };
  return <Dialog title={t('Rename')} onClose={close} class="small"><form class="stack" onSubmit={save}>
    <Name value={name.value} onInput={v => { name.value = v; }} />
    <div class="actions"><Button type="submit" kind="main">{t('Save')}</Button></div>
  </form></Dialog>;
}

function Remove({ one, again, close }: { one: Passkey; again: () => Promise<void>; close: () => void }) {
  const password = useSignal('');
  const remove = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => { await call('DELETE', `/api/v1/passkeys/${one.id}`, { password: password.peek() }); close(); await again(); });
  };
  return <Dialog title={t('Remove {0}?', one.name)} onClose={close} class="small"><form class="stack" onSubmit={remove}>
    <p>{t('It no longer signs you in. Every other browser and app is signed out.')}</p>
    <Password value={password.value} onInput={v => { password.value = v; }} />
    <div class="actions"><Button type="submit" kind="danger">{t('Remove')}</Button></div>
  </form></Dialog>;
}

export function Passkeys({ list, again }: { list: Passkey[]; again: () => Promise<void> }) {
  return <>
    <p>{t('A passkey is kept by your phone, your computer or a security key. It signs you in without your password, with a finger, a face or a PIN.')}</p>
    {list.length > 0 && <ul class="rows sessions passkeys">{list.map(p => <li key={p.id}><span class="session"><b dir="auto">{p.name}</b>
      <small class="quiet">{t('Since {0}', day(p.createdAt))}{p.lastUsedAt && ` · ${t('Last used {0}', day(p.lastUsedAt))}`}</small></span>
      <IconButton icon="pen" label={t('Rename {0}', p.name)} onClick={() => show(close => <Rename one={p} again={again} close={close} />)} />
      <IconButton icon="trash" label={t('Remove {0}', p.name)} onClick={() => show(close => <Remove one={p} again={again} close={close} />)} /></li>)}</ul>}
    {able ? <div class="actions"><Button kind="main" onClick={() => show(close => <Add again={again} close={close} />)}>{t('Add a passkey')}</Button></div> : <p class="notice">{t('This browser cannot make passkeys.')}</p>}
  </>;
}
