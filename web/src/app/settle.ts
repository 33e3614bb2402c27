// A place in a list, put back while the list still fills: until it is reached, somebody moves by themselves, or it is too late.
interface Scrolls {
  y: () => number;
  to: (y: number) => void;
}

const TOO_LATE_MS = 10_000, AGAIN_MS = 25;
const own = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

// wanted: whether the place is still that of what is shown.  ended is called once, unless what is returned is called before: how to give up.
export function settle(list: Scrolls, y: number, wanted: () => boolean, ended?: () => void): () => void {
  const end = Date.now() + TOO_LATE_MS;
  let timer = 0;
  const stop = (): void => {
    clearTimeout(timer);
    for (const kind of own) removeEventListener(kind, done, true);
  };
  const done = (): void => {
    stop();
    ended?.();
  };
  const again = (): void => {
    list.to(y);
    if (Math.abs(list.y() - y) <= 2 || Date.now() > end || !wanted()) done();
    else timer = window.setTimeout(again, AGAIN_MS);
  };
  for (const kind of own) addEventListener(kind, done, { capture: true, passive: true });
  again();
  return stop;
}
