// Reports how a video is watched, in batches of half a minute. It uses only the player's events, and sends nothing on pages
// without an address. The fields are documented in media_pipeline/telemetry.py.

/** The batches the server does not have yet, stored on the device, or in memory where storage is not available. */
export class BatchStore {
  static KEY = "telemetry";
  // Half an hour of watching: the server accepts no more late batches.
  static MOST = 60;
  static LIFE_MS = 24 * 3600 * 1000;

  constructor(film) {
    this.film = film;
    this.memory = [];
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(BatchStore.KEY) ?? "[]");
      return kept.filter(({ at }) => Date.now() - at < BatchStore.LIFE_MS);
    } catch {
      return this.memory;
    }
  }

  write(kept) {
    this.memory = kept.slice(-BatchStore.MOST);
    try {
      if (this.memory.length) localStorage.setItem(BatchStore.KEY, JSON.stringify(this.memory));
      else localStorage.removeItem(BatchStore.KEY);
    } catch {
      // Storage is full or forbidden: they stay in memory.
    }
  }

  put(batch) {
    this.write([...this.read(), { film: this.film, at: Date.now(), batch }]);
  }

  drop({ session, number }) {
    this.write(this.read().filter(({ batch }) => batch.session !== session || batch.number !== number));
  }

  get batches() {
    return this.read()
      .filter(({ film }) => film === this.film)
      .map(({ batch }) => batch);
  }
}

/** Sums up the player's events, closes a batch every half minute and when the page is left, and sends it. */
export class Telemetry {
  static BATCH_MS = 30_000;
  // The longest batch that the server accepts; a page that was suspended longer did not play.
  static MOST_ELAPSED_MS = 300_000;
  static MOST_SLICE_MS = 120_000;
  static MOST_STALLS = 200;
  static MOST_TRANSFERRED = 1_000_000_000;
  // A keepalive request may have 64 kB, headers included.
  static MOST_LEAVING = 8;

  constructor(root) {
    this.root = root;
    this.film = this.address.split("/").at(-2);
    this.store = new BatchStore(this.film);
    this.session = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
    this.number = 0;
    this.notBefore = 0;
    this.ended = "";
    this.quality = "";
    this.playingSince = this.stalledSince = null;
    this.open();
    this.listen();
    this.send();
  }

  /** The player sets a new one when it renews the addresses of the video. */
  get address() {
    return this.root.dataset.telemetryUrl;
  }

  open() {
    this.openedAt = performance.now();
    this.plays = new Map();
    this.rungs = {};
    this.stalls = 0;
    this.stalled = 0;
    this.waited = null;
    this.transferred = 0;
  }

  listen() {
    const on = (name, act) => this.root.addEventListener(`player:${name}`, ({ detail }) => this.hear(detail, act));
    on("start", ({ waited }) => {
      if (Number.isFinite(waited)) this.waited = Math.round(waited * 1000);
    });
    on("play", () => (this.playingSince ??= performance.now()));
    on("pause", () => this.rest());
    on("end", () => this.close());
    // Offline, it plays what is buffered, then stalls.
    on("error", ({ kind }) => kind !== "offline" && this.rest());
    on("stall-begin", () => {
      this.rest();
      this.stalledSince = performance.now();
    });
    on("stall-end", () => this.stallEnded());
    on("quality", () => {});
    on("tick", ({ bucket }) => this.plays.set(bucket, (this.plays.get(bucket) ?? 0) + 1));
    new PerformanceObserver((list) => this.weigh(list.getEntries())).observe({ type: "resource" });
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.leave();
    });
    addEventListener("online", () => this.send());
    setInterval(() => this.close(), Telemetry.BATCH_MS);
  }

  /** Adds the time since the last event to the quality that was playing, then handles the event. */
  hear(detail, act) {
    this.book();
    act(detail);
    if (detail.quality) this.quality = detail.quality;
  }

  book() {
    const now = performance.now();
    if (this.stalledSince !== null) {
      this.stalled += now - this.stalledSince;
      this.stalledSince = now;
    }
    if (this.playingSince === null) return;
    const slice = now - this.playingSince;
    this.playingSince = now;
    if (slice > Telemetry.MOST_SLICE_MS || !this.quality) return;
    this.rungs[this.quality] = (this.rungs[this.quality] ?? 0) + slice;
  }

  rest() {
    this.playingSince = null;
  }

  /** The playing clock restarts at the end of a stall, so that no time counts as both. */
  stallEnded() {
    this.stalls += 1;
    this.stalledSince = null;
    if (!this.root.querySelector("video").paused) this.playingSince = performance.now();
  }

  weigh(entries) {
    for (const { name, transferSize, encodedBodySize } of entries) {
      const isFilm = name.includes(`/${this.film}/`) && !name.includes("/media/t/");
      if (isFilm) this.transferred += transferSize || encodedBodySize;
    }
  }

  get isEmpty() {
    return this.plays.size === 0 && !Object.keys(this.rungs).length && !this.stalls && this.waited === null;
  }

  /** Stores the batch and opens the next one. */
  storeBatch() {
    this.book();
    if (this.isEmpty) {
      // Time without playback is not reported; bytes loaded ahead are.
      const { transferred } = this;
      this.open();
      this.transferred = transferred;
      return;
    }
    this.store.put({
      session: this.session,
      number: this.number++,
      elapsed: Math.ceil(Math.min(performance.now() - this.openedAt, Telemetry.MOST_ELAPSED_MS)),
      plays: [...this.plays].sort(([one], [other]) => one - other),
      rungs: Object.fromEntries(Object.entries(this.rungs).map(([name, time]) => [name, Math.floor(time)])),
      stalls: { count: Math.min(this.stalls, Telemetry.MOST_STALLS), milliseconds: Math.floor(this.stalled) },
      start: this.waited,
      bytes: Math.min(this.transferred, Telemetry.MOST_TRANSFERRED),
    });
    this.open();
  }

  close() {
    this.storeBatch();
    this.send();
  }

  /** The page may close before the responses: all batches are sent at once, and those without a response are sent again later. */
  leave() {
    this.storeBatch();
    for (const batch of this.store.batches.slice(-Telemetry.MOST_LEAVING)) this.post(batch, true);
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (const batch of this.store.batches) if (!(await this.post(batch, false))) break;
    } finally {
      this.isSending = false;
    }
  }

  /** Resolves to whether the next batch may follow. */
  async post(batch, isLeaving) {
    const { address } = this;
    if (address === this.ended || Date.now() < this.notBefore) return false;
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        keepalive: isLeaving,
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(batch),
      });
    } catch {
      // Offline: the batch stays.
      return false;
    }
    if (answer.status === 429) this.notBefore = Date.now() + 1000 * (Number(answer.headers.get("Retry-After")) || 60);
    if (answer.status === 429 || answer.status >= 500) return false;
    this.store.drop(batch);
    // Expired or revoked: only a new address works.
    if (answer.status === 410) this.ended = address;
    return answer.status !== 410;
  }
}

/** Starts reporting for this player where the page has an address for it. */
export function listenForStatistics(root) {
  if (root.dataset.telemetryUrl) new Telemetry(root);
}
