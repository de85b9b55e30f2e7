// Receives a trainee's voice on the instructor's page and mixes it into what the page sends.

import { uuid } from "./uuid.js";

const VOICE_FORMAT = "audio/webm;codecs=opus";
const VOICE_AGAIN_MS = 1_000;
// The target buffer; playback jumps to it when the delay is above VOICE_LATE_SECONDS.
const VOICE_READY_SECONDS = 0.3;
const VOICE_LATE_SECONDS = 1.2;

export class VoiceListener {
  /** `capture` sends the class: the voice goes to its mixer and to this page's loudspeakers. */
  constructor({ capture, ticketUrl, socketPath, token, seq }) {
    this.capture = capture;
    this.ticketUrl = ticketUrl;
    this.socketPath = socketPath;
    this.token = token;
    this.seq = seq;
    const { context, mix } = capture;
    this.gain = context.createGain();
    this.meter = new AnalyserNode(context, { fftSize: 1024 });
    this.gain.connect(mix);
    this.gain.connect(context.destination);
    this.open();
  }

  async open() {
    const { context } = this.capture;
    this.audio = new Audio();
    const source = new MediaSource();
    this.audio.src = URL.createObjectURL(source);
    this.node?.disconnect();
    this.node = context.createMediaElementSource(this.audio);
    this.node.connect(this.gain);
    this.node.connect(this.meter);
    const waiting = [];
    let buffer = null;
    const put = () => {
      if (buffer && !buffer.updating && waiting.length && source.readyState === "open") buffer.appendBuffer(waiting.shift());
    };
    source.addEventListener("sourceopen", () => {
      buffer = source.addSourceBuffer(VOICE_FORMAT);
      buffer.mode = "sequence";
      buffer.addEventListener("updateend", () => {
        put();
        this.keepUp(buffer);
      });
      put();
    });
    try {
      const answer = await fetch(this.ticketUrl, { method: "POST", headers: { "X-CSRFToken": this.token, Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.listen((await answer.json()).ticket, (data) => {
        waiting.push(data);
        put();
      });
    } catch {
      this.again();
    }
  }

  listen(ticket, take) {
    if (this.isOver) return;
    const address = new URL(this.socketPath, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const opened = new WebSocket(address);
    this.socket = opened;
    opened.binaryType = "arraybuffer";
    let bytes = 0;
    const send = (type, facts) => opened.send(JSON.stringify({ type, id: uuid(), ...facts }));
    opened.onopen = () => send("listen", { ticket, of: this.seq });
    opened.onmessage = ({ data }) => {
      if (typeof data === "string") return;
      bytes += data.byteLength;
      take(data);
      send("heard", { bytes });
    };
    opened.onclose = () => this.socket === opened && this.again();
  }

  again() {
    if (!this.isOver) this.retry = setTimeout(() => this.open(), VOICE_AGAIN_MS);
  }

  keepUp(buffer) {
    const { audio } = this;
    if (!buffer.buffered.length) return;
    const end = buffer.buffered.end(buffer.buffered.length - 1);
    if (audio.paused || end - audio.currentTime > VOICE_LATE_SECONDS) audio.currentTime = Math.max(buffer.buffered.start(0), end - VOICE_READY_SECONDS);
    if (audio.paused) audio.play().catch(() => {});
  }

  set isMuted(isMuted) {
    this.gain.gain.value = isMuted ? 0 : 1;
  }

  get level() {
    return loudness(this.meter);
  }

  close() {
    this.isOver = true;
    clearTimeout(this.retry);
    const { socket } = this;
    this.socket = null;
    socket?.close();
    this.audio.pause();
    this.node.disconnect();
    this.gain.disconnect();
  }
}

/** The current loudness, 0 to 1. */
export function loudness(meter) {
  const wave = new Float32Array(meter.fftSize);
  meter.getFloatTimeDomainData(wave);
  return Math.min(1, 3 * Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length));
}
