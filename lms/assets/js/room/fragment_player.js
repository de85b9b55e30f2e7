// Plays the class nearly live, by fragments over a socket of its own.

import { uuid } from "./uuid.js";

const FRAGMENT_TYPE = 'video/mp4; codecs="avc1.42e01e, mp4a.40.2"';
const KEEP_UP_MS = 200;
// The window in which the minimum of the buffer is measured: data that arrives in bursts is not a reserve.
const SLACK_MS = 1_200;
const CUSHION_SECONDS = 0.25;
const MOST_CUSHION_SECONDS = 1.25;
const STEADY_MS = 20_000;
// [seconds above the target buffer, speed]: a backlog after a pause of the instructor's connection is played faster.
const SPEEDS = [[3, 1.25], [0.8, 1.1], [0.15, 1.05]];
const JUMP_SECONDS = 10;
const KEPT_SECONDS = 20;
const CONFIRM_FRAMES = 5;
// The server reports every 1.5 s that the instructor sends nothing; without any frame for so long the connection is lost.
const FRAGMENT_SILENCE_MS = 6_000;
const FRAGMENT_AGAIN_MS = 15_000;
// A run that begins so long before the end of the buffer has a wrong clock: it is appended at the end.
const STRAY_SECONDS = 15;
const FRAGMENT_FINAL = new Set([4400, 4403, 4408, 4409, 4410, 4413, 4429]);

export class FragmentPlayer {
  static get isAble() {
    return Boolean(globalThis.MediaSource?.isTypeSupported(FRAGMENT_TYPE));
  }

  /** `listener` has `lost()`: playback failed; `falters()`: the connection is too slow; `full()`: no viewer slot is free. */
  constructor(video, listener, { ticketUrl, socketPath, token }) {
    this.video = video;
    this.listener = listener;
    this.ticketUrl = ticketUrl;
    this.socketPath = socketPath;
    this.token = token;
    // Pending changes of the buffer, in order: functions that begin one.
    this.todo = [];
    this.cushion = CUSHION_SECONDS;
    this.levels = [];
    this.attempts = 0;
    this.lostAt = null;
  }

  async open() {
    const source = new MediaSource();
    this.source = source;
    this.url = URL.createObjectURL(source);
    this.video.src = this.url;
    // The next frame shows whether our connection or the sender was the cause.
    this.onWaiting = () => (this.isDry = Boolean(this.isStarted && !this.isSourceAway && !this.video.seeking));
    this.video.addEventListener("waiting", this.onWaiting);
    await new Promise((resolve) => source.addEventListener("sourceopen", resolve, { once: true }));
    if (this.isClosed) return;
    this.keepingUp = setInterval(() => this.keepUp(), KEEP_UP_MS);
    await this.connect();
  }

  async connect() {
    let answer;
    try {
      answer = await fetch(this.ticketUrl, { method: "POST", headers: { "X-CSRFToken": this.token, Accept: "application/json" }, redirect: "error" });
    } catch {
      return this.again();
    }
    if (this.isClosed) return;
    if (answer.status === 403) return this.listener.full();
    if (!answer.ok) return this.again();
    const { ticket } = await answer.json();
    if (!this.isClosed) this.listen(ticket);
  }

  listen(ticket) {
    const address = new URL(this.socketPath, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    this.count = 0;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.send("hello", { ticket });
    socket.onmessage = ({ data }) => this.socket === socket && this.receive(data);
    socket.onclose = ({ code }) => this.socket === socket && this.lose(code);
    this.watch();
  }

  send(type, facts) {
    this.socket.send(JSON.stringify({ type, id: uuid(), ...facts }));
  }

  watch() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      const silent = this.socket;
      this.lose(1006);
      silent?.close();
    }, FRAGMENT_SILENCE_MS);
  }

  receive(data) {
    this.watch();
    if (typeof data === "string") return this.follow(JSON.parse(data));
    this.isSourceAway = false;
    if (this.isDry) this.keepMore();
    this.count += 1;
    if (this.count % CONFIRM_FRAMES === 0) this.send("got", { count: this.count });
    this.change(() => this.buffer.appendBuffer(data));
  }

  follow(frame) {
    if (frame.type === "welcome") [this.attempts, this.lostAt] = [0, null];
    else if (frame.type === "quiet") [this.isSourceAway, this.isDry] = [true, false];
    else if (frame.type === "run") this.change(() => this.begin(frame));
    else if (frame.type === "error" && frame.code === "nearly_live_full") this.listener.full();
  }

  /** A new run of ffmpeg: its timestamps begin at 0; the offset places them on the time of the class. */
  begin({ run, began, codecs }) {
    const type = `video/mp4; codecs="${codecs}"`;
    if (!this.buffer) {
      this.buffer = this.source.addSourceBuffer(type);
      this.buffer.addEventListener("updateend", () => this.pump());
      this.buffer.addEventListener("error", () => this.listener.lost());
      this.zero = began;
    } else if (type !== this.type) this.buffer.changeType(type);
    this.type = type;
    if (run === this.run) return;
    this.run = run;
    const { end } = this;
    if (end !== null && began - this.zero < end - STRAY_SECONDS) this.zero = began - end;
    this.buffer.timestampOffset = began - this.zero;
  }

  change(step) {
    this.todo.push(step);
    this.pump();
  }

  pump() {
    while (this.todo.length && !this.isClosed && this.source.readyState === "open" && !this.buffer?.updating) {
      try {
        this.todo[0]();
        this.todo.shift();
      } catch (error) {
        if (error.name !== "QuotaExceededError" || !this.forget(1)) return this.listener.lost();
      }
    }
  }

  /** Remove what was played more than `seconds` ago from the buffer; returns whether there was any. */
  forget(seconds) {
    const { buffered } = this.buffer;
    const upTo = this.video.currentTime - seconds;
    if (!buffered.length || buffered.start(0) >= upTo - 1) return false;
    this.buffer.remove(0, upTo);
    return true;
  }

  get end() {
    const buffered = this.buffer?.buffered;
    return buffered?.length ? buffered.end(buffered.length - 1) : null;
  }

  // --- Keeping up -------------------------------------------------------------------------------------------------

  keepUp() {
    const { video, end } = this;
    if (end === null || this.isClosed) return;
    if (!this.isStarted) {
      this.isStarted = true;
      video.currentTime = Math.max(this.buffer.buffered.start(0), end - 2 * CUSHION_SECONDS);
    }
    this.crossGap();
    const now = performance.now();
    this.keepLess(now);
    this.levels = [...this.levels.filter(({ at }) => now - at < SLACK_MS), { at: now, seconds: end - video.currentTime }];
    const slack = Math.min(...this.levels.map(({ seconds }) => seconds)) - this.cushion;
    if (slack > JUMP_SECONDS) {
      video.currentTime += slack;
      this.levels = [];
    }
    const speed = SPEEDS.find(([most]) => slack > most && slack <= JUMP_SECONDS)?.[1] ?? 1;
    if (video.playbackRate !== speed) video.playbackRate = speed;
    if (!this.buffer.updating && !this.todo.length && this.buffer.buffered.start(0) < video.currentTime - KEPT_SECONDS) this.forget(KEPT_SECONDS / 2);
  }

  /** Skip a gap in the buffer, for example between two cameras. */
  crossGap() {
    const { buffered } = this.buffer;
    const at = this.video.currentTime;
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.end(index) - at > 0.15) {
        if (buffered.start(index) > at) this.video.currentTime = buffered.start(index) + 0.01;
        return;
      }
    }
  }

  /** Enlarge the target buffer on an unsteady connection; `keepLess` reduces it after a steady period. */
  keepMore() {
    this.isDry = false;
    if (this.cushion === MOST_CUSHION_SECONDS) this.listener.falters();
    this.steadySince = performance.now();
    this.cushion = Math.min(MOST_CUSHION_SECONDS, this.cushion + CUSHION_SECONDS);
  }

  keepLess(now) {
    this.steadySince ??= now;
    if (now - this.steadySince < STEADY_MS) return;
    this.steadySince = now;
    this.cushion = Math.max(CUSHION_SECONDS, this.cushion - CUSHION_SECONDS);
  }

  /** The time of the displayed picture, by the server's clock. */
  get moment() {
    return this.isStarted ? new Date(1000 * (this.zero + this.video.currentTime)) : null;
  }

  /** Whether the sender is missing, and not our connection slow. */
  get isAtSource() {
    return Boolean(this.isSourceAway);
  }

  // --- Connection ---------------------------------------------------------------------------------------------------

  lose(code) {
    clearTimeout(this.watchdog);
    this.socket = null;
    if (this.isClosed) return;
    if (FRAGMENT_FINAL.has(code)) this.listener.lost();
    else this.again();
  }

  again() {
    if (this.isClosed) return;
    this.lostAt ??= performance.now();
    if (performance.now() - this.lostAt > FRAGMENT_AGAIN_MS) return this.listener.lost();
    this.attempts += 1;
    this.retry = setTimeout(() => this.connect(), 300 + Math.random() * Math.min(3_000, 250 * 2 ** this.attempts));
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.watchdog);
    clearTimeout(this.retry);
    clearInterval(this.keepingUp);
    this.video.removeEventListener("waiting", this.onWaiting);
    const { socket } = this;
    this.socket = null;
    socket?.close();
    URL.revokeObjectURL(this.url);
    this.video.playbackRate = 1;
    this.video.removeAttribute("src");
    this.video.load();
  }
}
