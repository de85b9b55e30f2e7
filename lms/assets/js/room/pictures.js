// Fetches pictures of slides: in the right width, the next one in advance, none while the connection is too slow.

const SMALL_SCREEN = 600;
// 100 kbit/s: a large picture would take longer than a sentence about it.
const SLOW_LINE = 12500;
const REST_MS = 60000;
const MISSES_BEFORE_REST = 3;
const KEPT_PICTURES = 8;

export class Pictures {
  constructor() {
    this.kept = new Map();
    this.coming = new Map();
    this.bytesPerSecond = Infinity;
    this.misses = 0;
    this.restUntil = 0;
  }

  get isSaving() {
    const line = navigator.connection;
    return (
      Boolean(line?.saveData) ||
      /2g/.test(line?.effectiveType ?? "") ||
      "saveData" in document.documentElement.dataset ||
      matchMedia("(prefers-reduced-data: reduce)").matches
    );
  }

  /** Pictures were late repeatedly: do not fetch any for a while. */
  get isResting() {
    return this.misses >= MISSES_BEFORE_REST && Date.now() < this.restUntil;
  }

  /** "small" or "large" for a picture that is shown `width` wide. */
  sizeFor(width) {
    const isSmall = width * Math.min(devicePixelRatio, 1.5) <= SMALL_SCREEN;
    return isSmall || this.isSaving || this.misses > 0 || this.bytesPerSecond < SLOW_LINE ? "small" : "large";
  }

  /** Fetch a picture and return its blob address. Other fetches in progress are aborted. */
  async show(address) {
    for (const [other, { stop }] of this.coming) if (other !== address) stop.abort();
    const url = await this.fetch(address, "high");
    this.misses = 0;
    return url;
  }

  ahead(address) {
    if (!this.misses) this.fetch(address, "low").catch(() => {});
  }

  missed() {
    this.misses += 1;
    this.restUntil = Date.now() + REST_MS;
  }

  fetch(address, priority) {
    if (this.kept.has(address)) return Promise.resolve(this.kept.get(address));
    let way = this.coming.get(address);
    if (!way) {
      const stop = new AbortController();
      way = { stop, done: this.load(address, priority, stop.signal) };
      this.coming.set(address, way);
    }
    return way.done;
  }

  async load(address, priority, signal) {
    const begun = performance.now();
    try {
      const answer = await fetch(address, { signal, priority });
      if (!answer.ok) throw new Error(String(answer.status));
      const picture = await answer.blob();
      this.bytesPerSecond = picture.size / Math.max(0.05, (performance.now() - begun) / 1000);
      this.kept.set(address, URL.createObjectURL(picture));
      this.forgetOldest();
      return this.kept.get(address);
    } finally {
      this.coming.delete(address);
    }
  }

  forgetOldest() {
    if (this.kept.size <= KEPT_PICTURES) return;
    const [[address, url]] = this.kept;
    URL.revokeObjectURL(url);
    this.kept.delete(address);
  }
}
