// Local storage of the player, which works without it where the browser forbids storage.

/** @param {string} key */
export function remembered(key) {
  try {
    return localStorage.getItem(`player:${key}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} value
 */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(`player:${key}`);
    else localStorage.setItem(`player:${key}`, value);
  } catch {
    // Full or forbidden: the value lasts as long as the page.
  }
}

/** @param {string} prefix */
export function rememberedKeys(prefix) {
  try {
    const start = `player:${prefix}`;
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice("player:".length));
  } catch {
    return [];
  }
}
