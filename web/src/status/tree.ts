// Who answers whom: the replies to a post as rows with their depth, a chain of one after the other on one level.
export interface Node {
  id: string;
  parent: string | null;
}

export interface Row {
  id: string;
  depth: number; // of 0
  branch: boolean; // a line leads to it from the side
  rails: boolean[]; // for each level left of it: does a line go on there, to a later reply?
  joined: boolean; // a line leads down to its first reply
  answers: string | null; // the post it answers, when that is not the row above
}

// nodes: parents before their replies.  A reply to the last row of a branch that has only that one stays on its level.
export function rows(nodes: readonly Node[], root: string, deepest: number): Row[] {
  const children = new Map<string, string[]>(), known = new Set([root, ...nodes.map(n => n.id)]);
  for (const n of nodes) {
    const parent = n.parent && known.has(n.parent) ? n.parent : root;
    children.set(parent, [...(children.get(parent) ?? []), n.id]);
  }
  const out: Row[] = [];
  const walk = (id: string, parent: string, depth: number, branch: boolean, rails: boolean[]): void => {
    const below = children.get(id) ?? [];
    out.push({ id, depth, branch, rails, joined: below.length > 0, answers: out.length > 0 && out.at(-1)!.id !== parent && parent !== root ? parent : null });
    below.forEach((child, i) => {
      const deeper = below.length > 1 && depth < deepest;
      walk(child, id, deeper ? depth + 1 : depth, deeper, deeper ? [...rails, i < below.length - 1] : rails);
    });
  };
  for (const child of children.get(root) ?? []) walk(child, root, 0, false, []);
  return out;
}
