// Once a minute while the page is in front, and when it comes back to the front.
export function every(run: () => void, ms = 60_000): () => void {
  const look = (): void => { if (document.visibilityState === 'visible') run(); };
  const timer = setInterval(look, ms);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
