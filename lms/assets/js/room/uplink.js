// Sends the picture to the server: numbered chunks, kept here until the server has them on disk.

import { device } from "./browser_storage.js";
import { uuid } from "./uuid.js";

const CHUNKS_IN_FLIGHT = 16;
const UPLINK_ANSWER_MS = 8_000;
// Retries are fast at first, because every viewer waits for the one sender. They are rarer after a longer disconnect, and on
// errors of the server, which the senders of all classes retry.
const UPLINK_SOON_MS = 100;
const UPLINK_SOON_TRIES = 100;
const UPLINK_RETRY_MS = 400;
// A request on a dead connection would wait many seconds for TCP's retransmission.
const UPLINK_TICKET_MS = 5_000;
// Above this, the oldest chunks are dropped, so that the tab does not run out of memory.
const UPLINK_BYTES = 96 * 1024 * 1024;
const UPLINK_FINAL = new Set([4400, 4403, 4409, 4410]);

export class Uplink {
  // Keys of the page's texts for the state.
  says = { onAir: "onAir", away: "away" };

  /** `listener`: `ready()`, `changed()`, `refused(code, message)`, `over(closeCode)`. */
  constructor({ ticketUrl, socketPath, token, listener }) {
    this.ticketUrl = ticketUrl;
    this.socketPath = socketPath;
    this.token = token;
    this.listener = listener;
    // {take, number, source, data}: `take` counts from 1 on this page until the server sends the last number.
    this.queue = [];
    this.sent = 0;
    this.bytes = 0;
    this.attempts = 0;
    this.first = null;
    this.run = 0;
    this.openedAt = 0;
    // Why sending is impossible: this uplink is only connected or not.
    this.trouble = "";
  }

  async connect(takeOver = false) {
    clearTimeout(this.retry);
    this.takesOver = takeOver;
    let answer;
    try {
      answer = await fetch(this.ticketUrl, { method: "POST", headers: { "X-CSRFToken": this.token, Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(UPLINK_TICKET_MS) });
    } catch {
      return this.again();
    }
    if (this.isOver) return;
    if (answer.status === 403 && answer.headers.get("Content-Type")?.includes("json")) {
      const { code, message } = await answer.json();
      return this.listener.refused(code, message);
    }
    if (!answer.ok) return this.again(UPLINK_RETRY_MS);
    this.open((await answer.json()).ticket);
  }

  open(ticket) {
    const address = new URL(this.socketPath, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const opened = new WebSocket(address);
    this.socket = opened;
    this.isReady = false;
    opened.onopen = () => {
      this.send("hello", { ticket, device, take_over: this.takesOver });
      this.expectAnswer();
    };
    opened.onmessage = ({ data }) => this.socket === opened && this.receive(JSON.parse(data));
    opened.onclose = ({ code }) => this.socket === opened && this.lose(code);
  }

  send(type, facts = {}) {
    this.socket.send(JSON.stringify({ type, id: uuid(), ...facts }));
  }

  receive(frame) {
    clearTimeout(this.watchdog);
    if (frame.type === "welcome") {
      this.attempts = 0;
      this.openedAt = performance.now();
      // Our first recording run follows the last one of this class.
      this.first ??= frame.take;
      this.isReady = true;
      this.sent = 0;
      this.current = null;
      this.listener.ready();
    } else if (frame.type === "ack" && frame.take) this.acknowledge(frame.take - this.first, frame.chunk, Boolean(frame.id));
    else if (frame.type === "error" && frame.code === "chunk_gap") this.socket.close();
    else if (frame.type === "error") {
      if (["video_taken", "media_refused", "media_too_much", "staff_only", "room_not_open"].includes(frame.code)) this.end();
      this.listener.refused(frame.code, frame.message);
    }
    this.pump();
  }

  acknowledge(take, number, isBegun) {
    let done = 0;
    while (done < this.queue.length && (this.queue[done].take < take || (this.queue[done].take === take && this.queue[done].number <= number))) {
      this.bytes -= this.queue[done].data.size;
      done += 1;
    }
    this.queue.splice(0, done);
    this.sent = isBegun ? 0 : Math.max(0, this.sent - done);
    if (isBegun) [this.current, this.isBeginning] = [take, false];
    if (this.sent) this.expectAnswer();
    this.listener.changed();
  }

  /** Send what `capture` records from now on. The last chunk of the previous run belongs to that run. */
  async carry(capture) {
    await capture.pause();
    this.begin(capture.isScreen ? "screen" : "camera");
    await capture.record();
  }

  /** A new run of the recorder follows. */
  begin(source) {
    this.run += 1;
    this.number = 0;
    this.source = source;
  }

  add(data) {
    this.number += 1;
    this.queue.push({ take: this.run, number: this.number, source: this.source, data });
    this.bytes += data.size;
    if (this.bytes > UPLINK_BYTES) this.listener.refused("too_long", "");
    this.pump();
    this.listener.changed();
  }

  async pump() {
    if (this.isPumping) return;
    this.isPumping = true;
    try {
      while (this.isReady && this.socket?.readyState === WebSocket.OPEN && this.sent < Math.min(this.queue.length, CHUNKS_IN_FLIGHT)) {
        const chunk = this.queue[this.sent];
        if (chunk.take !== this.current) {
          // The next recording run begins when everything before it is on disk.
          if (this.sent || this.isBeginning) return;
          this.isBeginning = true;
          this.send("take", { take: this.first + chunk.take, source: chunk.source });
          this.expectAnswer();
          return;
        }
        const { socket } = this;
        const data = await chunk.data.arrayBuffer();
        if (socket !== this.socket || this.queue[this.sent] !== chunk) continue;
        const frame = new Uint8Array(8 + data.byteLength);
        const head = new DataView(frame.buffer);
        head.setUint32(0, this.first + chunk.take);
        head.setUint32(4, chunk.number);
        frame.set(new Uint8Array(data), 8);
        this.sent += 1;
        socket.send(frame);
        this.expectAnswer();
      }
    } finally {
      this.isPumping = false;
    }
  }

  /** Whether what is recorded now reaches the class, even if later. */
  get isHeard() {
    return true;
  }

  /** Seconds of media that wait here; a chunk is a quarter of a second. */
  get waiting() {
    return this.queue.length / 4;
  }

  get isOpen() {
    return Boolean(this.isReady && this.socket?.readyState === WebSocket.OPEN);
  }

  expectAnswer() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      const silent = this.socket;
      this.lose(1006);
      silent?.close();
    }, UPLINK_ANSWER_MS);
  }

  lose(code) {
    clearTimeout(this.watchdog);
    this.socket = null;
    this.isReady = this.isBeginning = false;
    this.sent = 0;
    if (this.isOver) return;
    if (UPLINK_FINAL.has(code)) {
      this.end();
      this.listener.over(code);
    } else this.again();
    this.listener.changed();
  }

  again(pause = this.attempts < UPLINK_SOON_TRIES ? UPLINK_SOON_MS : UPLINK_RETRY_MS) {
    if (this.isOver) return;
    this.attempts += 1;
    this.retry = setTimeout(() => this.connect(), pause * (0.5 + Math.random()));
    this.listener.changed();
  }

  /** Send `stop` once everything is sent. */
  async stop() {
    const deadline = performance.now() + 5_000;
    while (this.queue.length && this.isOpen && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    if (this.isOpen) this.send("stop");
    this.end();
  }

  end() {
    this.isOver = true;
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
    const { socket } = this;
    // Send the last frame before the close.
    this.socket = null;
    this.isReady = false;
    socket?.close();
  }
}
