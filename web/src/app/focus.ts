// The focus is never lost: when what has it goes away (a deleted post, a button that did its work) or can do nothing any more, what stands
// nearest takes it.
import { useLayoutEffect } from 'preact/hooks';

const STOPS = '[data-post], a[href], button:not(:disabled), input, [tabindex="0"]';

function firstIn(n: Node | null): HTMLElement | null {
  if (!(n instanceof HTMLElement)) return null;
  return [n, ...n.querySelectorAll<HTMLElement>(STOPS)].find(e => e.matches(STOPS) && e.tabIndex >= 0 && e.checkVisibility()) ?? null;
}

// Where to go from a gap between two neighbours: into the post it was in, to the next row, to the one before, to the head of the view.
function nearest({ target, nextSibling, previousSibling }: MutationRecord): HTMLElement | null {
  const within = (target as Element).closest?.('[data-post], dialog, .row, .reply') ?? null;
  const inside = within?.matches('dialog') ? firstIn(within.firstChild) : firstIn(within);
  if (inside?.isConnected) return inside;
  const column = (target as Element).closest?.('.column');
  if (column) for (let n = nextSibling; n; n = n.nextSibling) if (firstIn(n)) return firstIn(n);
  if (column) for (let n = previousSibling; n; n = n.previousSibling) if (firstIn(n)) return firstIn(n);
  return (column ?? document).querySelector<HTMLElement>('.column-title');
}

// From a button that was turned off: to what stands before it or behind it, in the smallest part that has something.
function beside(e: Element): HTMLElement | null {
  for (let at: Element | null = e; at && !at.matches('.column, dialog, body'); at = at.parentElement)
    for (const side of ['previousElementSibling', 'nextElementSibling'] as const)
      for (let n = at[side]; n; n = n[side]) {
        const found = firstIn(n);
        if (found) return found;
      }
  return null;
}

// The focus to a post, once its list has been drawn around it; not when somebody has moved it meanwhile.  Returns how to give up.
export function returnTo(post: string, column?: string): () => void {
  const end = Date.now() + 15_000;
  let timer = 0;
  const look = (): void => {
    if (!document.activeElement?.matches('.column-title, body')) return;
    const row = document.querySelector<HTMLElement>(`.column${column === undefined ? '' : `[data-column="${CSS.escape(column)}"]`} [data-post="${CSS.escape(post)}"]`);
    if (row) row.focus({ preventScroll: true });
    else if (Date.now() < end) timer = window.setTimeout(look, 40);
  };
  look();
  return () => clearTimeout(timer);
}

export function useFocusKept(): void {
  useLayoutEffect(() => {
    let last: Element | null = null;
    const onFocus = (e: FocusEvent): void => { last = e.target as Element; };
    // Who clicks beside everything wants no focus; what goes away later is not missed.
    const onDown = (): void => queueMicrotask(() => { last = document.activeElement; });
    const observer = new MutationObserver(records => {
      if (last instanceof HTMLButtonElement && last.disabled && last.isConnected && records.some(r => r.target === last) && [last, document.body].includes(document.activeElement as HTMLElement))
        return beside(last)?.focus({ preventScroll: true });
      if (!last || last.isConnected || (document.activeElement && document.activeElement !== document.body)) return;
      const gone = records.find(r => [...r.removedNodes].some(n => n.contains(last)));
      last = null;
      if (gone) nearest(gone)?.focus({ preventScroll: true });
    });
    document.addEventListener('focusin', onFocus);
    document.addEventListener('pointerdown', onDown);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('pointerdown', onDown);
      observer.disconnect();
    };
  }, []);
}
