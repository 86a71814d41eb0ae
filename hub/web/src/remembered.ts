/** What this person chose on this device; storage may be switched off, then it lasts as long as the page. */
export function remembered<T extends string>(name: string, read: (kept: string | null) => T) {
  const listeners = new Set<() => void>();
  let chosen = read(kept(name));
  return {
    get: (): T => chosen,
    choose(choice: T): void {
      chosen = choice;
      try {
        localStorage.setItem(name, choice);
      } catch {
        // Not kept, which is what this browser was told to do.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Also where there is no storage at all, as outside a browser. */
function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
