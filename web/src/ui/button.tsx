// Buttons: one that says what it does with an icon alone, and one with words.
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick?: (e: MouseEvent) => void;
  pressed?: boolean;
  count?: string;
  class?: string;
  disabled?: boolean;
  expanded?: boolean;
}

export function IconButton({ icon, label, onClick, pressed, count, class: extra = '', disabled, expanded }: IconButtonProps) {
  return <button type="button" class={`icon-button ${extra}`} title={label} aria-pressed={pressed} aria-expanded={expanded}
    aria-haspopup={expanded === undefined ? undefined : 'menu'} disabled={disabled} onClick={onClick}>
    <Icon name={icon} filled={pressed} /><span class="sr">{label}</span>{count ? <span class="count">{count}</span> : null}
  </button>;
}

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'main' | 'plain' | 'danger';
  type?: 'button' | 'submit';
  disabled?: boolean;
  busy?: boolean; // does nothing for now, but keeps the focus, which a disabled one would lose; who handles the form's submit looks too
}

export function Button({ children, onClick, kind = 'plain', type = 'button', disabled, busy }: ButtonProps) {
  return <button type={type} class={`button ${kind}`} disabled={disabled} aria-disabled={busy || undefined} onClick={busy ? undefined : onClick}>{children}</button>;
}
