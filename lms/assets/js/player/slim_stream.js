// Plays one rendition with very little code: at 64 kbit/s hls.js alone takes fifteen seconds to load.
//
// Bytes are appended as they arrive, so the first picture needs a few kilobytes and not a whole segment.

import { parsePlaylist } from "./playlist.js";

const AHEAD_SECONDS = 40;
const BEHIND_SECONDS = 40;
const SILENCE_MS = 25_000;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 6_000];
// Smaller appends are inefficient.
const APPEND_BYTES = 2_048;
// A gap of this size between the buffer and the position is a rounding of timestamps, not missing video.
const HOLE_SECONDS = 0.6;

export class SlimStream {
  static canPlay(codecs) {
    return "MediaSource" in window && Boolean(codecs) && MediaSource.isTypeSupported(typeOf(codecs));
  }

  /** `listener` has the callbacks `quality(name)`, `trouble(kind)`, `speed(bits)` and `flows()`. */
  constructor(video, listener) {
    this.video = video;
    this.listener = listener;
    this.isClosed = false;
    this.done = new Set();
    this.wake = () => {};
    this.online = () => this.wake();
    // A time update resumes a wait for buffer space, not a wait for the network.
    this.stir = () => this.isAsleep && this.wake();
    this.seek = () => {
      this.hop();
      if (!this.isWanted(this.loading)) this.abort?.abort();
      this.wake();
    };
    this.away = () => this.abort?.abort();
  }

  async open({ url, name, codecs }, position) {
    this.url = url;
    this.source = new MediaSource();
    this.address = URL.createObjectURL(this.source);
    const opened = once(this.source, "sourceopen");
    this.video.src = this.address;
    for (const event of ["timeupdate", "waiting"]) this.video.addEventListener(event, this.stir);
    this.video.addEventListener("seeking", this.seek);
    addEventListener("online", this.online);
    addEventListener("offline", this.away);
    // Set before anything is loaded, so that nothing is fetched for another position.
    if (position) this.video.currentTime = position;
    this.start = position;
    await opened;
    URL.revokeObjectURL(this.address);
    this.buffer = this.source.addSourceBuffer(typeOf(codecs));
    this.listener.quality(name);
    this.fill();
  }

  /** One rendition plays: there is no level to cap. */
  cap() {}

  close() {
    this.isClosed = true;
    this.abort?.abort();
    for (const event of ["timeupdate", "waiting"]) this.video.removeEventListener(event, this.stir);
    this.video.removeEventListener("seeking", this.seek);
    removeEventListener("online", this.online);
    removeEventListener("offline", this.away);
    this.wake();
    this.video.removeAttribute("src");
    this.video.load();
  }

  /** Continues with new addresses of the same video. Returns whether it can. */
  readdress({ url }) {
    const folder = (address) => new URL(address, location.href).pathname.split("/").slice(-3).join("/");
    if (folder(url) !== folder(this.url)) return false;
    this.url = url;
    if (this.list) this.list.file = new URL(this.list.file.split("/").at(-1), new URL(url, location.href)).href;
    this.isRefused = false;
    this.wake();
    return true;
  }

  resume() {
    this.wake();
  }

  async fill() {
    let failures = 0;
    while (!this.isClosed) {
      try {
        this.isAsleep = false;
        await this.step();
        if (failures) this.listener.flows();
        failures = 0;
        if (this.isAsleep) await this.sleep();
      } catch (error) {
        if (this.isClosed) return;
        if (error.isPassing) continue;
        if (error.isFatal) return this.listener.trouble("broken");
        if (error.isRefused) this.isRefused = true;
        failures += 1;
        this.listener.trouble(error.isRefused ? "refused" : "line");
        await this.sleep(error.isRefused ? 60_000 : RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]);
      }
    }
  }

  /** Waits until it is woken, or for `most` milliseconds. */
  sleep(most = 0) {
    /** @type {Promise<void>} */
    const slept = new Promise((resolve) => {
      const timer = most && setTimeout(resolve, most);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return slept;
  }

  /** Loads one thing at a time: the playlist, then the first missing segment. */
  async step() {
    if (!this.list) {
      const text = new TextDecoder().decode(await this.fetch(this.url));
      this.list = parsePlaylist(text, new URL(this.url, location.href));
      if (!this.list) throw Object.assign(new Error("a playlist of another kind"), { isFatal: true });
      await this.calm();
      this.source.duration = this.list.seconds;
    }
    const segment = this.missing();
    this.hop();
    if (segment === null) {
      if (this.isWhole() && this.source.readyState === "open") this.source.endOfStream();
      this.isAsleep = true;
      return;
    }
    await this.forget();
    await this.load(segment);
  }

  get now() {
    return this.video.readyState === 0 ? this.start || this.video.currentTime : this.video.currentTime;
  }

  /** The segment to load next, or null while enough is buffered. */
  missing() {
    const { segments } = this.list;
    const now = this.now;
    for (const [number, segment] of segments.entries()) {
      if (segment.start + segment.seconds <= now + 0.05 && number < segments.length - 1) continue;
      if (segment.start > now + AHEAD_SECONDS) return null;
      if (!this.done.has(number)) return number;
    }
    return null;
  }

  isWanted(number) {
    return number === undefined || (this.list && this.missing() === number);
  }

  isWhole() {
    return this.list && this.done.has(this.list.segments.length - 1);
  }

  async load(number) {
    const { header, segments } = this.list;
    const { range } = segments[number];
    this.loading = number;
    try {
      // The header is right before the first segment: one request loads both.
      const isFirst = !this.hasHeader;
      if (isFirst && range[0] !== header[1] + 1) {
        await this.append(await this.fetch(this.list.file, header));
        this.hasHeader = true;
      }
      const joined = this.hasHeader ? range : [header[0], range[1]];
      await this.fetch(this.list.file, joined, (bytes) => this.append(bytes));
      this.hasHeader = true;
      this.done.add(number);
      const bits = (joined[1] - joined[0] + 1) * 8;
      // Without the wait for the first byte: that is latency, not bandwidth.
      this.listener.speed((bits * 1000) / Math.max(100, performance.now() - this.flowing));
      this.hop();
    } catch (error) {
      // A partial segment would not match what is loaded next.
      if (!this.isClosed && this.source.readyState === "open") this.buffer.abort();
      throw error;
    } finally {
      this.loading = undefined;
    }
  }

  /** Returns the bytes, or passes them to `take` as they arrive. A request without data for long is aborted and repeated. */
  async fetch(url, range, take) {
    const abort = new AbortController();
    this.abort = abort;
    let timer;
    let isSilent = false;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isSilent = true;
        abort.abort();
      }, SILENCE_MS);
    };
    try {
      wait();
      const headers = range ? { Range: `bytes=${range[0]}-${range[1]}` } : {};
      const answer = await fetch(url, { headers, signal: abort.signal });
      if (!answer.ok) {
        const isRefused = [401, 403, 404, 410].includes(answer.status);
        throw Object.assign(new Error(`answered ${answer.status}`), { isRefused });
      }
      if (range && answer.status !== 206) throw Object.assign(new Error("no ranges here"), { isFatal: true });
      this.flowing = performance.now();
      const pieces = [];
      let size = 0;
      const hand = async () => {
        const piece = await new Blob(pieces.splice(0)).arrayBuffer();
        size = 0;
        await take(piece);
      };
      for (const reader = answer.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        wait();
        if (done) break;
        pieces.push(value);
        size += value.byteLength;
        if (take && size >= APPEND_BYTES) await hand();
      }
      if (take) return void (size && (await hand()));
      return new Blob(pieces).arrayBuffer();
    } catch (error) {
      // Aborted by a seek: not a network error.
      if (error.name === "AbortError" && !isSilent && navigator.onLine) error.isPassing = true;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async append(bytes) {
    await this.calm();
    try {
      this.buffer.appendBuffer(bytes);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw Object.assign(error, { isFatal: true });
      await this.forget(5);
      this.buffer.appendBuffer(bytes);
    }
    await this.calm();
    this.hop();
  }

  async calm() {
    while (this.buffer.updating) await once(this.buffer, "updateend");
    if (this.isClosed) throw Object.assign(new Error("closed"), { isPassing: true });
  }

  /** Removes what was played from the buffer, to save memory on cheap phones. */
  async forget(behind = BEHIND_SECONDS) {
    const until = this.now - behind;
    const old = [...this.done].filter((number) => this.endOf(number) < until);
    if (old.length === 0) return;
    const end = Math.max(...old.map((number) => this.endOf(number)));
    await this.calm();
    this.buffer.remove(0, end);
    await this.calm();
    // A segment that began before the cut may have lost its key frame.
    for (const number of [...this.done]) if (this.list.segments[number].start < end) this.done.delete(number);
  }

  endOf(number) {
    const { start, seconds } = this.list.segments[number];
    return start + seconds;
  }

  /** Skips a gap caused by rounded timestamps. */
  hop() {
    const { video } = this;
    const now = this.now;
    const ranges = this.buffer?.buffered;
    for (let number = 0; number < (ranges?.length ?? 0); number += 1) {
      const start = ranges.start(number);
      if (start > now && start - now < HOLE_SECONDS && !isBuffered(ranges, now)) video.currentTime = start + 0.01;
    }
  }
}

function isBuffered(ranges, time) {
  for (let number = 0; number < ranges.length; number += 1) {
    if (ranges.start(number) <= time && time < ranges.end(number)) return true;
  }
  return false;
}

function typeOf(codecs) {
  // AAC alone has another container type to some browsers.
  return `${codecs.includes("avc") || codecs.includes("av01") ? "video" : "audio"}/mp4; codecs="${codecs}"`;
}

function once(target, event) {
  return new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));
}
