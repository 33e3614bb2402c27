// The last moment in which a page can do something: another app or tab comes to the front, or the page goes.  A telephone may never wake it
// again after the first, and some browsers only send the second.
export function onLeave(run: () => void): () => void {
  const hidden = (): void => { if (document.visibilityState === 'hidden') run(); };
  document.addEventListener('visibilitychange', hidden);
  addEventListener('pagehide', run);
  return () => {
    document.removeEventListener('visibilitychange', hidden);
    removeEventListener('pagehide', run);
  };
}
