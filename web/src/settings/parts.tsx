// What pages of settings are made of.
import type { ComponentChildren, ComponentType } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Failed } from '../ui/bits.tsx';
import { FormBones, type Wait } from '../ui/bones.tsx';

export type Options = [value: string, text: string][];

export function Choice({ label, name, value, options, onChange }: { label: string; name: string; value: string; options: Options; onChange: (v: string) => void }) {
  return <fieldset class="segmented"><legend>{label}</legend>
    {options.map(([v, text]) => <label><input type="radio" name={name} value={v} checked={v === value} onChange={() => onChange(v)} /><span>{text}</span></label>)}
  </fieldset>;
}

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return <section class="pad settings-section"><h2>{title}</h2>{children}</section>;
}

export function Tick({ text, more, checked, disabled, onChange }: { text: string; more?: string; checked: boolean; disabled?: boolean; onChange: (on: boolean) => void }) {
  return <label class="tick"><input type="checkbox" checked={checked} disabled={disabled} onChange={e => onChange(e.currentTarget.checked)} /><span>{text}{more && <small>{more}</small>}</span></label>;
}

export function Secret({ label, value, fresh }: { label: string; value: Signal<string>; fresh?: boolean }) {
  return <label class="field"><span>{label}</span><input type="password" required minLength={fresh ? 8 : undefined} autocomplete={fresh ? 'new-password' : 'current-password'} value={value.value} onInput={e => { value.value = e.currentTarget.value; }} /></label>;
}

// Something of the server that a page is about; again() asks once more, set() takes what a change answered.
export function Loaded<T>({ load, draw, waits: Waits = FormBones }: { load: () => Promise<T>; draw: (value: T, set: (v: T) => void, again: () => Promise<void>) => ComponentChildren; waits?: ComponentType<Wait> }) {
  const value = useSignal<T | null>(null), error = useSignal<unknown>(null);
  const again = async (): Promise<void> => {
    error.value = null;
    await load().then(v => { value.value = v; }, e => { error.value = e; });
  };
  useEffect(() => void again(), []);
  if (error.value) return <Failed error={error.value} retry={() => void again()} />;
  if (value.value === null) return <Waits />;
  return <>{draw(value.value, v => { value.value = v; }, again)}</>;
}
