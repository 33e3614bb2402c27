// Hashtags that belong together: as typed, as a query of the address.
export interface Mix {
  any: string[];
  all: string[];
  none: string[];
}

const MAX = 4; // of each sort; the server takes no more

export function names(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).map(x => x.replace(/^#/, '')).filter(Boolean))].slice(0, MAX);
}

export function mixOf(query: URLSearchParams): Mix {
  const of = (key: string): string[] => names(query.get(key) ?? '');
  return { any: of('any'), all: of('all'), none: of('none') };
}

export function address(name: string, mix: Mix): string {
  const query = new URLSearchParams();
  for (const key of ['any', 'all', 'none'] as const) if (mix[key].length > 0) query.set(key, mix[key].join(' '));
  return `/tags/${encodeURIComponent(name)}${query.size > 0 ? `?${query}` : ''}`;
}

// What the stream brings for one hashtag: whether it belongs to the mix as well.
export function takes(tags: readonly string[], mix: Mix): boolean {
  const have = new Set(tags.map(x => x.toLowerCase())), has = (x: string): boolean => have.has(x.toLowerCase());
  return mix.all.every(has) && !mix.none.some(has);
}
