// The player of one video: connects the controls with the stream.

import { Captions } from "./captions.js";
import { Chapters } from "./chapters.js";
import { StartOverlay } from "./start_overlay.js";
import { SpeedAndVolume } from "./speed_and_volume.js";
import { Fullscreen } from "./fullscreen.js";
import { loadHls } from "./hls_stream.js";
import { listenToKeys } from "./keyboard.js";
import { isSaving, connectionSpeed, rememberSpeed, SLOW_BITS } from "./connection.js";
import { Menus } from "./menus.js";
import { Notices } from "./notices.js";
import { Quality } from "./quality.js";
import { pageAgain, takeAddresses } from "./renewal.js";
import { SeekBar } from "./seekbar.js";
import { SlimStream } from "./slim_stream.js";
import { Sounds } from "./sounds.js";
import { Stalls } from "./stalls.js";
import { Storyboard } from "./storyboard.js";
import { Transcript } from "./transcript.js";
import { Watching } from "./watching.js";
import { GOOD_BITS, chooseStream } from "./stream_choice.js";
import { Words } from "./words.js";

// After a page was open for so long, its addresses and position are renewed before playing.
const STALE_MS = 15 * 60_000;
// A connection that keeps GOOD_BITS for so many segments is switched to automatic quality.
const GOOD_SEGMENTS = 3;

export class Player {
  constructor(root, number) {
    this.root = root;
    this.number = number;
    this.video = root.querySelector("video");
    this.words = new Words(root);
    this.seconds = Number(root.dataset.seconds);
    this.openedAt = Date.now();
    this.hasStarted = false;
    this.hasPlayed = false;
    this.stream = null;
    this.shown = "";
    this.goodSegments = 0;
    this.notices = new Notices(root, (kind) => this.emit("error", { kind }));
    this.watching = new Watching(root, this.words, {
      isFirst: number === 0,
      ticked: (fact) => this.emit("tick", fact),
      isLost: () => this.notices.say("offline"),
      credited: ({ percent, completed, program_percent: programPercent }) =>
        this.emit("progress", { percent, completed, programPercent }),
    });
    const go = (seconds) => this.go(seconds);
    this.quality = new Quality(root, this.words, () => this.reload());
    this.sounds = new Sounds(root, this.words, () => this.reload());
    this.captions = new Captions(root, this.video, this.words);
    this.transcript = new Transcript(root, this.captions, this.words, go);
    this.chapters = new Chapters(root, this.video, this.words, go);
    const storyboard = new Storyboard(this.video, root.dataset.storyboard, () => !isSaving() && this.speed > SLOW_BITS);
    this.seekBar = new SeekBar(root, this.words, { storyboard, chapters: this.chapters, go });
    this.menus = new Menus(root);
    this.dials = new SpeedAndVolume(root, this.video, this.words, (text) => this.announce(text));
    this.stalls = new Stalls((name, detail) => this.emit(name, detail));
    this.fullscreen = new Fullscreen(root, this.video, this.words);
    this.prepare();
    this.listen();
  }

  /** Replaces the plain element by one that loads only what was chosen. */
  prepare() {
    for (const source of this.video.querySelectorAll("source")) source.remove();
    this.video.removeAttribute("src");
    this.video.controls = false;
    if (this.root.dataset.poster) this.video.poster = this.root.dataset.poster;
    this.video.tabIndex = -1;
    for (const part of this.root.querySelectorAll("[data-scripted]")) part.hidden = false;
    this.speed = connectionSpeed();
    this.cover = new StartOverlay(this.root, this.words, this.watching.resumeAt());
    this.seekBar.show(this.from, this.video.buffered);
  }

  listen() {
    const on = (selector, act) => {
      for (const part of this.root.querySelectorAll(selector)) part.addEventListener("click", act);
    };
    on("[data-play]", () => this.start(this.from));
    on("[data-from-start]", () => this.start(0));
    on("[data-toggle]", () => this.toggle());
    on("[data-leap]", ({ currentTarget }) => this.leap(Number(currentTarget.dataset.leap)));
    this.video.addEventListener("click", () => this.toggle());
    listenToKeys(this.root, this);
    this.listenToFilm();
    this.listenToPage();
  }

  listenToFilm() {
    const { video } = this;
    const on = (events, act) => events.split(" ").forEach((event) => video.addEventListener(event, act));
    on("timeupdate", () => this.tick());
    on("progress", () => this.seekBar.show(this.position, video.buffered));
    on("seeking", () => this.watching.jump());
    on("play pause ended", () => this.showPlaying());
    on("playing", () => this.flowing());
    on("waiting", () => this.waiting());
    on("play", () => (this.isToPlay = true));
    on("pause ended", () => (this.isToPlay = false));
    // A change of streams pauses the element without an event.
    on("canplay", () => this.isToPlay && video.paused && video.play().catch(() => {}));
    on("play", () => this.emit("play", { rate: video.playbackRate }));
    on("pause", () => this.emit("pause", { rate: video.playbackRate }));
    on("ended", () => this.watching.finish(video.currentTime, video.playbackRate));
    on("ended", () => this.emit("end"));
    on("pause ended", () => {
      this.stalls.end();
      this.watching.report();
    });
  }

  listenToPage() {
    this.watching.listen(() => this.tick());
    new ResizeObserver(() => this.fit()).observe(this.video);
    addEventListener("online", () => this.stream?.resume());
    const session = navigator.mediaSession;
    session?.setActionHandler("play", () => this.toggle());
    session?.setActionHandler("pause", () => this.toggle());
    session?.setActionHandler("seekbackward", () => this.leap(-10));
    session?.setActionHandler("seekforward", () => this.leap(10));
  }

  /** The position at which play starts. */
  get from() {
    return this.cover.from;
  }

  get position() {
    return this.hasStarted ? this.video.currentTime : this.from;
  }

  emit(name, detail = {}) {
    const facts = { position: this.position, quality: this.shown, ...detail };
    this.root.dispatchEvent(new CustomEvent(`player:${name}`, { bubbles: true, detail: facts }));
  }

  // --- Playing -----------------------------------------------------------------------------------------------

  async start(position) {
    if (this.isStarting) return;
    this.isStarting = true;
    this.pressedAt = performance.now();
    this.root.classList.add("has-started", "is-waiting");
    this.notices.say(null);
    this.cover.hide();
    try {
      const from = Date.now() - this.openedAt > STALE_MS ? await this.freshStart(position) : position;
      this.hasStarted = true;
      await this.load(from);
      if ("MediaMetadata" in window) {
        navigator.mediaSession.metadata = new MediaMetadata({ title: this.root.getAttribute("aria-label") });
      }
      await this.video.play();
      this.captions.begin();
      if (!isSaving()) this.chapters.begin();
    } catch (error) {
      // A second press while the first is loading aborts the first one; that is not an error.
      if (error.name !== "AbortError") this.failed(error.name === "NotAllowedError" ? null : "broken");
    } finally {
      this.isStarting = false;
    }
  }

  /** The page was open for long: another device may have watched more since. */
  async freshStart(position) {
    const found = await pageAgain(this.number).catch(() => null);
    this.openedAt = Date.now();
    if (found?.kind !== "found") return position;
    takeAddresses(this.root, found.root);
    if (position !== this.from || this.watching.isAhead) return position;
    this.root.dataset.position = found.root.dataset.position ?? 0;
    return this.watching.resumeAt();
  }

  async load(position) {
    this.stream?.close();
    this.watching.jump();
    this.goodSegments = 0;
    const { Stream, source } = chooseStream(this);
    const stream = new Stream(this.video, this.listenerFor(() => stream === this.stream), this.root.dataset.hls);
    this.stream = stream;
    await stream.open(source, position);
    this.video.playbackRate = this.video.defaultPlaybackRate;
  }

  listenerFor(isCurrent) {
    const only = (act) => (value) => isCurrent() && act(value);
    return {
      quality: only((name) => this.showQuality(name)),
      trouble: only((kind) => this.trouble(kind)),
      flows: only(() => this.notices.say(null)),
      speed: only((bits) => this.measured(bits)),
    };
  }

  async reload() {
    if (!this.hasStarted) return;
    const { paused } = this.video;
    this.stalls.end();
    this.root.classList.add("is-waiting");
    await this.load(this.video.currentTime);
    if (!paused) await this.video.play().catch(() => {});
  }

  /** A slow connection starts with the lowest rendition and no library; a connection measured as good gets hls.js. */
  measured(bits) {
    this.speed = bits;
    rememberSpeed(bits);
    if (!(this.stream instanceof SlimStream) || !this.quality.isAutomatic) return;
    this.goodSegments = bits > GOOD_BITS ? this.goodSegments + 1 : 0;
    if (this.goodSegments !== GOOD_SEGMENTS) return;
    const stream = this.stream;
    loadHls(this.root.dataset.hls).then(
      () => stream === this.stream && this.quality.isAutomatic && this.reload(),
      () => {},
    );
  }

  toggle() {
    if (!this.hasStarted) return this.start(this.from);
    if (this.video.paused) return this.video.play().catch(() => {});
    return this.video.pause();
  }

  go(seconds) {
    const to = Math.min(Math.max(0, seconds), Math.max(0, this.seconds - 0.2));
    if (!this.hasStarted) return void this.start(to);
    const from = this.video.currentTime;
    this.video.currentTime = to;
    this.watching.moveTo(to);
    this.showPosition();
    this.emit("seek", { from, position: to });
  }

  leap(seconds) {
    this.go(this.position + seconds);
  }

  /** Limit the picture to the size of its box, since data is paid by the megabyte. */
  fit() {
    const { clientWidth, clientHeight } = this.video;
    if (!clientWidth || !this.quality.fit(clientWidth, clientHeight, devicePixelRatio)) return;
    if (this.quality.isAutomatic) this.stream?.cap(this.quality.cap);
  }

  // --- What goes wrong ---------------------------------------------------------------------------------------

  trouble(kind) {
    if (kind === "line") this.notices.showOffline();
    else if (kind === "refused") this.renew();
    else this.failed("broken");
  }

  /** The addresses expired, or the person may no longer watch: the reloaded page shows which. */
  async renew() {
    if (this.isRenewing) return;
    this.isRenewing = true;
    try {
      const found = await pageAgain(this.number);
      if (found.kind !== "found") return this.end(found.kind);
      if (!takeAddresses(this.root, found.root)) return this.end("revoked");
      const { source } = chooseStream(this);
      if (!this.stream.readdress(source)) await this.reload();
      this.notices.say(null);
    } catch {
      this.notices.showOffline();
      setTimeout(() => this.renew(), 5_000);
    } finally {
      this.isRenewing = false;
    }
  }

  end(kind) {
    const at = this.video.currentTime;
    this.stream?.close();
    this.stream = null;
    this.cover.offer(at);
    this.failed(kind);
  }

  failed(kind) {
    this.hasStarted = false;
    this.isToPlay = false;
    this.root.classList.remove("is-waiting");
    this.stalls.end();
    if (kind) this.notices.say(kind === "broken" && !navigator.onLine ? "offline" : kind);
    if (kind) this.emit("error", { kind: kind === "login" ? "expired" : kind });
    this.cover.show();
    this.showPlaying();
  }

  waiting() {
    this.root.classList.add("is-waiting");
    const { seeking, paused, ended } = this.video;
    if (this.hasPlayed && !seeking && !paused && !ended) this.stalls.begin();
  }

  flowing() {
    this.stalls.end();
    this.root.classList.remove("is-waiting");
    this.notices.say(null);
    if (this.hasPlayed) return;
    this.hasPlayed = true;
    this.emit("start", { waited: (performance.now() - this.pressedAt) / 1000 });
  }

  tick() {
    if (this.video.seeking || !this.hasStarted) return;
    this.watching.advance(this.video.currentTime, this.video.playbackRate);
    this.showPosition();
  }

  // --- What is shown -----------------------------------------------------------------------------------------

  showPosition() {
    const now = this.video.currentTime;
    this.seekBar.show(now, this.video.buffered);
    this.transcript.mark(now);
    this.chapters.show(now);
  }

  showPlaying() {
    const isPlaying = this.hasStarted && !this.video.paused && !this.video.ended;
    this.root.classList.toggle("is-playing", isPlaying);
    this.root.querySelector("[data-toggle]").setAttribute("aria-label", this.words.say(isPlaying ? "pause" : "play"));
  }

  showQuality(name) {
    if (name === this.shown) return;
    const from = this.shown;
    this.shown = name;
    this.quality.show(name);
    this.root.classList.toggle("is-sound", this.quality.named(name)?.height === 0);
    if (this.hasPlayed) this.emit("quality", { from, isAutomatic: this.quality.isAutomatic });
  }

  /** Announces a change that a screen reader would not notice. */
  announce(text) {
    this.root.querySelector("[data-live]").textContent = text;
  }

  // --- What keys and buttons do ------------------------------------------------------------------------------

  async toggleCaptions() {
    if (this.captions.tracks.length === 0) return this.announce(this.words.say("noCaptions"));
    await this.captions.toggle();
    const { label } = this.captions.track ?? {};
    this.announce(label ? this.words.say("captionsNow", { language: label }) : this.words.say("captionsOff"));
  }

  nextSound() {
    const name = this.sounds.next(() => this.reload());
    this.announce(name ? this.words.say("soundNow", { name }) : this.words.say("oneSound"));
  }

  toggleFullscreen() {
    return this.fullscreen.toggle();
  }

  openHelp() {
    this.menus.toggle(this.root.querySelector("[data-help]"));
  }
}
