// A menu behind a button: arrows move, Escape and a click elsewhere close, the button gets the focus back.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  icon?: IconName;
  text: string;
  run?: () => void;
  href?: string;
  danger?: boolean;
  checked?: boolean;
}

// What opens at an edge is moved until all of it can be seen: below its anchor, or above where there is more room; what is longer scrolls.
export function keepInside(box: HTMLElement): void {
  const anchor = box.parentElement!.getBoundingClientRect(), below = innerHeight - 68 - anchor.bottom, above = anchor.top - 60;
  const up = box.offsetHeight > below && above > below;
  box.classList.toggle('upwards', up);
  box.style.maxBlockSize = `${Math.max(160, up ? above : below)}px`;
  const { left, right } = box.getBoundingClientRect(), room = box.closest('.column[data-column]')?.getBoundingClientRect(); // which cuts off what leaves it
  const least = (room?.left ?? 0) + 8, most = Math.min(room?.right ?? Infinity, document.documentElement.clientWidth) - 8;
  const shift = left < least ? least - left : right > most ? most - right : 0;
  if (shift !== 0) box.style.translate = `${shift}px 0`;
}

export function MenuButton({ icon, label, items, count, pressed, class: extra }: { icon: IconName; label: string; items: () => (MenuItem | null)[];
  count?: string; pressed?: boolean; class?: string }) {
  const open = useSignal(false);
  const root = useRef<HTMLSpanElement>(null);
  const shut = (focus: boolean): void => {
    open.value = false;
    if (focus) root.current?.querySelector('button')?.focus();
  };

  useLayoutEffect(() => {
    if (!open.value) return;
    const list = root.current?.querySelector<HTMLElement>('.menu');
    list?.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
    if (list) keepInside(list);
    const away = (e: Event): void => { if (!root.current?.contains(e.target as Node)) shut(false); };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open.value]);

  const onKeyDown = (e: KeyboardEvent): void => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement), move: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    if (e.key === 'Escape') shut(true);
    else if (e.key === 'Tab') shut(false);
    else if (e.key in move && open.value) all[(move[e.key]! + all.length) % all.length]?.focus();
    else return;
    e.stopPropagation();
    if (e.key !== 'Tab') e.preventDefault();
  };

  return <span class="menu-anchor" ref={root} onKeyDown={onKeyDown}>
    <IconButton icon={icon} label={label} count={count} pressed={pressed} class={extra} expanded={open.value} onClick={() => { open.value = !open.value; }} />
    {open.value && <div class="menu" role="menu" aria-label={label}>
      {items().filter(i => i !== null).map(i => {
        const inside = <>{i.icon ? <Icon name={i.icon} /> : null}<span>{i.text}</span>{i.checked ? <Icon name="check" /> : null}</>;
        const role = i.checked === undefined ? 'menuitem' : 'menuitemradio';
        return i.href
          ? <a role={role} tabIndex={-1} href={i.href} onClick={() => shut(false)}>{inside}</a>
          : <button type="button" role={role} tabIndex={-1} aria-checked={i.checked} class={i.danger ? 'danger' : undefined}
              onClick={() => { shut(true); i.run?.(); }}>{inside}</button>;
      })}
    </div>}
  </span>;
}
