// Plays a signed HLS stream and reports which parts were really watched. Nothing is fetched before "play".

const BUCKET_SECONDS = 5;
const REPORT_EVERY_MS = 15_000;
// The share of a bucket that must have played for it to count.
const ENOUGH = 0.8;
const HLS_TYPE = "application/vnd.apple.mpegurl";

/** Adds up what was played, bucket by bucket. Jumps and pauses add nothing. */
class Coverage {
  constructor(seconds, watched) {
    this.seconds = seconds;
    this.total = Math.max(1, Math.ceil(seconds / BUCKET_SECONDS));
    this.watched = new Set(watched);
    this.played = new Map();
    this.last = null;
  }

  /** Takes the clock of the film; returns the buckets that this step completed. */
  advance(now, rate) {
    const before = this.last;
    this.last = now;
    // A step longer than two seconds of the reader's time is a jump, not playing.
    if (before === null || now <= before || now - before > 2 * Math.max(1, rate)) return [];
    const completed = [];
    for (let at = before; at < now; ) {
      const bucket = Math.floor(at / BUCKET_SECONDS);
      const end = Math.min(now, (bucket + 1) * BUCKET_SECONDS);
      const length = Math.min(BUCKET_SECONDS, this.seconds - bucket * BUCKET_SECONDS);
      const sum = (this.played.get(bucket) ?? 0) + end - at;
      this.played.set(bucket, sum);
      if (bucket < this.total && sum >= length * ENOUGH && !this.watched.has(bucket)) {
        this.watched.add(bucket);
        completed.push(bucket);
      }
      at = end;
    }
    return completed;
  }

  jump() {
    this.last = null;
  }

  get percent() {
    return Math.floor((this.watched.size / this.total) * 100);
  }
}

/** Sends buckets to the server, and keeps them on the device until the server has them. */
class Reporter {
  constructor(url, csrf) {
    this.url = url;
    this.csrf = csrf;
    this.key = `watched:${url}`;
    this.pending = new Set(JSON.parse(localStorage.getItem(this.key) ?? "[]"));
    this.position = 0;
    this.isMoved = false;
  }

  add(buckets, position) {
    this.isMoved ||= Math.abs(position - this.position) >= 1;
    this.position = position;
    if (buckets.length === 0) return;
    for (const bucket of buckets) this.pending.add(bucket);
    this.keep();
  }

  keep() {
    if (this.pending.size) localStorage.setItem(this.key, JSON.stringify([...this.pending]));
    else localStorage.removeItem(this.key);
  }

  /** Resolves to whether the server has everything. `isLeaving` lets the request outlive the page. */
  async send({ isLeaving = false } = {}) {
    if (this.pending.size === 0 && !this.isMoved) return true;
    const buckets = [...this.pending].sort((one, other) => one - other);
    this.isMoved = false;
    if (this.isSending && !isLeaving) return true;
    this.isSending = true;
    let answer;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        keepalive: isLeaving,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
        body: JSON.stringify({ buckets, position: Math.floor(this.position) }),
      });
    } catch {
      // Off line: the buckets stay, the next round tries again.
      return false;
    } finally {
      this.isSending = false;
    }
    if (!answer.ok) return false;
    // What the server does not believe yet (faster than time allows) is said again later.
    const { not_credited: left = [] } = await answer.json();
    for (const bucket of buckets) if (!left.includes(bucket)) this.pending.delete(bucket);
    this.keep();
    return true;
  }
}

let library;

function loadLibrary(address) {
  library ??= import(address).then(
    (module) => module.default,
    (error) => {
      // Asked again, the next play tries again.
      library = undefined;
      throw error;
    },
  );
  return library;
}

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.button = root.querySelector("[data-play]");
    this.tracks = [...this.video.querySelectorAll("track")];
    this.canPlayNatively = this.video.canPlayType(HLS_TYPE) !== "";
    this.hls = null;
    this.hasPlayed = false;
    const { progressUrl, csrf, watched, seconds } = root.dataset;
    this.coverage = new Coverage(Number(seconds), (watched ?? "").split(",").filter(Boolean).map(Number));
    this.reporter = progressUrl ? new Reporter(progressUrl, csrf) : null;
    for (const bucket of this.reporter?.pending ?? []) this.coverage.watched.add(bucket);
    this.prepare();
    this.listen();
    this.showCoverage();
  }

  /** Replaces the plain element by one that loads only what was chosen. */
  prepare() {
    for (const source of this.video.querySelectorAll("source")) source.remove();
    this.video.removeAttribute("src");
    this.video.controls = false;
    this.button.hidden = false;
    this.root.querySelector("[data-choices]").hidden = false;
    const wanted = navigator.connection?.saveData ? "144p" : localStorage.getItem("player:quality");
    const choice = [...this.choices].find((input) => input.value === wanted);
    if (choice) choice.checked = true;
  }

  get choices() {
    return this.root.querySelectorAll('input[name="quality"]');
  }

  get chosen() {
    return this.root.querySelector('input[name="quality"]:checked');
  }

  get address() {
    return new URL(this.chosen?.dataset.url ?? this.root.dataset.master, location.href).href;
  }

  /**
   * One quality needs no library where HLS plays natively. Choosing by itself is left to Apple's players only:
   * Chromium's own takes 720p on a 360 px screen, which costs a prepaid line far more than hls.js does.
   */
  get isNative() {
    const isApple = "ManagedMediaSource" in window || !("MediaSource" in window);
    return this.canPlayNatively && (isApple || this.chosen?.value !== "auto");
  }

  listen() {
    this.button.addEventListener("click", () => this.start());
    for (const input of this.choices) input.addEventListener("change", () => this.choose(input.value));
    this.root.querySelector("[data-speed]").addEventListener("change", ({ target }) => {
      this.video.defaultPlaybackRate = this.video.playbackRate = Number(target.value);
    });
    this.video.addEventListener("timeupdate", () => this.tick());
    this.video.addEventListener("seeking", () => this.coverage.jump());
    this.video.addEventListener("playing", () => {
      this.hasPlayed = true;
      this.say(null);
    });
    this.video.addEventListener("error", () => this.nativeFailed());
    for (const event of ["pause", "ended"]) this.video.addEventListener(event, () => this.report());
    addEventListener("pagehide", () => this.report({ isLeaving: true }));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.report({ isLeaving: true });
    });
    addEventListener("online", () => {
      this.report();
      this.hls?.startLoad();
    });
    setInterval(() => this.report(), REPORT_EVERY_MS);
    this.report();
  }

  async start() {
    this.root.classList.add("is-waiting");
    try {
      await this.load(Number(this.root.dataset.position ?? 0));
      this.button.hidden = true;
      this.video.controls = true;
      this.video.focus();
      await this.video.play();
    } catch (error) {
      // A second press while the first is loading ends the first one; that is no fault.
      if (error.name !== "AbortError") this.failed();
    } finally {
      this.root.classList.remove("is-waiting");
    }
  }

  async load(position) {
    this.hls?.destroy();
    this.hls = null;
    this.coverage.jump();
    // A master playlist that plays natively lists its own captions; ours beside them would double the menu.
    const hasOwnCaptions = this.isNative && this.chosen?.value === "auto";
    for (const track of this.tracks) hasOwnCaptions ? track.remove() : this.video.append(track);
    if (this.isNative) {
      this.video.src = this.address;
      if (position) {
        this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = position), { once: true });
      }
      return;
    }
    const Hls = await loadLibrary(this.root.dataset.hls);
    if (!Hls.isSupported()) throw new Error("this browser plays no HLS");
    this.hls = new Hls({ startPosition: position || -1, maxBufferLength: 30, capLevelToPlayerSize: true });
    this.hls.on(Hls.Events.ERROR, (_, error) => error.fatal && this.streamFailed(Hls, error));
    this.hls.loadSource(this.address);
    this.hls.attachMedia(this.video);
  }

  async choose(quality) {
    localStorage.setItem("player:quality", quality);
    if (this.button.hidden === false) return;
    const wasPaused = this.video.paused;
    await this.load(this.video.currentTime);
    if (!wasPaused) await this.video.play();
  }

  streamFailed(Hls, error) {
    const status = error.response?.code;
    if (status === 410 || status === 404) this.say("expired");
    else if (error.type === Hls.ErrorTypes.MEDIA_ERROR) this.hls.recoverMediaError();
    else this.failed();
  }

  nativeFailed() {
    if (!this.isNative || this.hasPlayed) {
      if (!this.hls && this.video.src) this.failed();
      return;
    }
    // It claimed to play HLS and does not.
    this.canPlayNatively = false;
    this.start();
  }

  failed() {
    this.say(navigator.onLine ? "broken" : "offline");
    if (!this.hasPlayed) this.button.hidden = false;
  }

  say(message) {
    for (const line of this.root.querySelectorAll("[data-message]")) line.hidden = line.dataset.message !== message;
  }

  tick() {
    if (this.video.seeking) return;
    const completed = this.coverage.advance(this.video.currentTime, this.video.playbackRate);
    this.reporter?.add(completed, this.video.currentTime);
    if (completed.length) this.showCoverage();
  }

  async report(how) {
    if (!this.reporter) return;
    const isKnown = await this.reporter.send(how);
    if (!isKnown && !navigator.onLine) this.say("offline");
  }

  showCoverage() {
    const box = this.root.querySelector("[data-coverage]");
    if (!box) return;
    const share = this.coverage.percent;
    const numbering = box.dataset.digits === "0" ? "latn" : "arab";
    const format = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${numbering}`, { style: "percent" });
    box.hidden = false;
    box.querySelector("progress").value = share;
    box.querySelector(".tape__text").textContent = box.dataset.text.replace("{share}", format.format(share / 100));
  }
}

for (const root of document.querySelectorAll("[data-player]")) new Player(root);
