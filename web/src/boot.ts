// On every public page: when this browser has an account, the client takes the page's place.  Pages of the client itself always load it.
const own = document.body.classList.contains('client');
const takes = /^\/(@[^/]+(\/.*)?|tags\/[^/]+)?$/.test(location.pathname);

if (own || (takes && localStorage.getItem('dassie.accounts'))) {
  const style = document.querySelector<HTMLScriptElement>('script[data-style]')?.dataset.style;
  if (style && !own) document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: style }));
  void import('./main.tsx');
}

export {};
