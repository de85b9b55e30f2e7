// The connection to the server: ticket, socket, heartbeats, reconnects.

import { device } from "./browser_storage.js";
import { find, room, texts } from "./page.js";
import { ENDED, Reconnect, isFinal, meaningOf } from "./reconnect.js";
import { uuid } from "./uuid.js";

const beatSeconds = Number(room.dataset.beat);
const confirmEvents = Number(room.dataset.confirm);
const confirmCharacters = Number(room.dataset.confirmCharacters);
const ANSWER_MS = 10000;

export class Connection {
  /** `listener` has `receive(frame)`, `lost()` and `over(hasEnded)`: whether the class has ended, or only we are out. */
  constructor(notice, listener) {
    this.notice = notice;
    this.listener = listener;
    this.socket = null;
    // The last event that was shown, and the last one that was confirmed.
    this.since = null;
    this.confirmed = 0;
    this.unconfirmedCharacters = 0;
    this.reconnect = new Reconnect();
    this.isOver = false;
    this.wasLost = false;
    // What this page plays, sent with every heartbeat: "video", "low", "audio", "text" or "stalled".
    this.plays = "text";
  }

  get isOpen() {
    return !this.isOver && this.socket?.readyState === WebSocket.OPEN;
  }

  async connect() {
    clearTimeout(this.retry);
    if (!this.wasLost && !this.isOutside) this.notice.show(texts.connecting);
    let answer;
    try {
      answer = await fetch(room.dataset.ticketUrl, {
        method: "POST",
        headers: { "X-CSRFToken": find("write").elements.csrfmiddlewaretoken.value, Accept: "application/json" },
        redirect: "error",
      });
    } catch {
      return this.again();
    }
    const isJson = Boolean(answer.headers.get("Content-Type")?.includes("json"));
    const { code, message, ticket } = isJson ? await answer.json() : {};
    const meaning = meaningOf({ status: answer.status, isJson, code });
    if (meaning === "open") this.open(ticket);
    else if (meaning === "lobby") this.waitOutside(message);
    else if (meaning === "stop") this.stop(message ?? texts[4403]);
    else this.again();
  }

  /** In the lobby: ask again from time to time, with jitter. */
  waitOutside(text) {
    this.isOutside = true;
    this.notice.show(text);
    this.retry = setTimeout(() => this.connect(), this.reconnect.outside());
  }

  open(ticket) {
    const address = new URL(room.dataset.socket, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const opened = new WebSocket(address);
    this.socket = opened;
    opened.onopen = () => {
      this.send("hello", { ticket, device, since: this.since });
      this.expectAnswer();
    };
    opened.onmessage = ({ data }) => {
      clearTimeout(this.watchdog);
      this.unconfirmedCharacters += data.length;
      this.listener.receive(JSON.parse(data));
    };
    opened.onclose = ({ code }) => this.socket === opened && this.lose(code);
  }

  /** The server has admitted us. */
  welcomed() {
    this.reconnect.succeeded();
    this.isOutside = false;
    clearInterval(this.beating);
    this.beating = setInterval(() => this.beat(), beatSeconds * 1000);
    this.beat();
  }

  again(code) {
    this.wasLost = true;
    this.notice.show(texts[code] ?? texts.lost);
    this.retry = setTimeout(() => this.connect(), this.reconnect.next());
  }

  lose(code) {
    clearInterval(this.beating);
    clearTimeout(this.watchdog);
    this.socket = null;
    this.listener.lost();
    if (isFinal(code)) this.stop(texts[code], code === ENDED ? "good" : "bad", code);
    else this.again(code);
  }

  stop(text, tone = "bad", code = null) {
    this.isOver = true;
    this.notice.show(text, tone);
    this.listener.over(code === ENDED);
  }

  /** Returns the id of what was sent; null while offline. */
  send(type, facts = {}, id = uuid()) {
    if (this.socket?.readyState !== WebSocket.OPEN) return null;
    this.socket.send(JSON.stringify({ type, id, ...facts }));
    return id;
  }

  /** A phone can keep a dead socket "open" for minutes: the socket is closed when an answer is late. */
  expectAnswer() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      const silent = this.socket;
      if (!silent) return;
      this.lose(1006);
      silent.close();
    }, ANSWER_MS);
  }

  beat() {
    if (this.send("beat", { seen: this.since, state: document.hidden ? "away" : this.plays })) {
      this.noteConfirmed();
      this.expectAnswer();
    }
  }

  /** Confirms the events received so far to the server. */
  confirm() {
    const news = this.since - this.confirmed;
    const isDue = news >= confirmEvents || (news > 0 && this.unconfirmedCharacters >= confirmCharacters);
    if (isDue && this.send("seen", { seen: this.since })) this.noteConfirmed();
  }

  noteConfirmed() {
    this.confirmed = this.since;
    this.unconfirmedCharacters = 0;
  }
}
