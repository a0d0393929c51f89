/**
 * A small persistent map kept in key order: every change returns a new map that shares all but O(log n) nodes
 * with the old one. Used where the core must find "the earliest" or "by id" without scanning.
 *
 * An AVL tree: the heights of the two sides of any node differ by at most one.
 */
export class SortedMap<K, V> {
  readonly size: number;
  readonly #root: Node<K, V> | null;
  readonly #compare: (a: K, b: K) => number;

  private constructor(compare: (a: K, b: K) => number, root: Node<K, V> | null, size: number) {
    this.#compare = compare;
    this.#root = root;
    this.size = size;
  }

  static empty<K, V>(compare: (a: K, b: K) => number): SortedMap<K, V> {
    return new SortedMap<K, V>(compare, null, 0);
  }

  get(key: K): V | undefined {
    let node = this.#root;
    while (node) {
      const order = this.#compare(key, node.key);
      if (order === 0) return node.value;
      node = order < 0 ? node.left : node.right;
    }
    return undefined;
  }

  /** The entry with the smallest key. */
  first(): readonly [K, V] | undefined {
    let node = this.#root;
    if (!node) return undefined;
    while (node.left) node = node.left;
    return [node.key, node.value];
  }

  set(key: K, value: V): SortedMap<K, V> {
    const had = this.get(key) !== undefined;
    return new SortedMap(this.#compare, insert(this.#root, key, value, this.#compare), this.size + (had ? 0 : 1));
  }

  delete(key: K): SortedMap<K, V> {
    if (this.get(key) === undefined) return this;
    return new SortedMap(this.#compare, remove(this.#root, key, this.#compare), this.size - 1);
  }

  *entries(): IterableIterator<readonly [K, V]> {
    const path: Node<K, V>[] = [];
    let node = this.#root;
    while (node || path.length > 0) {
      while (node) {
        path.push(node);
        node = node.left;
      }
      const next = path.pop();
      if (!next) return;
      yield [next.key, next.value];
      node = next.right;
    }
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }
}

export const byNumber = (a: number, b: number): number => a - b;
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Node<K, V> {
  readonly key: K;
  readonly value: V;
  readonly left: Node<K, V> | null;
  readonly right: Node<K, V> | null;
  readonly height: number;
}

const heightOf = (node: Node<unknown, unknown> | null): number => (node ? node.height : 0);

function join<K, V>(key: K, value: V, left: Node<K, V> | null, right: Node<K, V> | null): Node<K, V> {
  return { key, value, left, right, height: Math.max(heightOf(left), heightOf(right)) + 1 };
}

/** Joins two sides whose heights differ by at most two, rotating where needed. */
function balance<K, V>(key: K, value: V, left: Node<K, V> | null, right: Node<K, V> | null): Node<K, V> {
  const lean = heightOf(left) - heightOf(right);
  if (lean > 1 && left) {
    if (heightOf(left.left) >= heightOf(left.right)) {
      return join(left.key, left.value, left.left, join(key, value, left.right, right));
    }
    const middle = left.right as Node<K, V>;
    return join(
      middle.key,
      middle.value,
      join(left.key, left.value, left.left, middle.left),
      join(key, value, middle.right, right),
    );
  }
  if (lean < -1 && right) {
    if (heightOf(right.right) >= heightOf(right.left)) {
      return join(right.key, right.value, join(key, value, left, right.left), right.right);
    }
    const middle = right.left as Node<K, V>;
    return join(
      middle.key,
      middle.value,
      join(key, value, left, middle.left),
      join(right.key, right.value, middle.right, right.right),
    );
  }
  return join(key, value, left, right);
}

function insert<K, V>(node: Node<K, V> | null, key: K, value: V, compare: (a: K, b: K) => number): Node<K, V> {
  if (!node) return join(key, value, null, null);
  const order = compare(key, node.key);
  if (order === 0) return { ...node, key, value };
  return order < 0
    ? balance(node.key, node.value, insert(node.left, key, value, compare), node.right)
    : balance(node.key, node.value, node.left, insert(node.right, key, value, compare));
}

function remove<K, V>(node: Node<K, V> | null, key: K, compare: (a: K, b: K) => number): Node<K, V> | null {
  if (!node) return null;
  const order = compare(key, node.key);
  if (order < 0) return balance(node.key, node.value, remove(node.left, key, compare), node.right);
  if (order > 0) return balance(node.key, node.value, node.left, remove(node.right, key, compare));
  if (!node.left) return node.right;
  if (!node.right) return node.left;
  let successor = node.right;
  while (successor.left) successor = successor.left;
  return balance(successor.key, successor.value, node.left, remove(node.right, successor.key, compare));
}
