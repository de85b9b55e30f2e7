// Sends the picture to the media server in real time (WHIP); nothing is buffered while disconnected.

import { PICTURE_BITS } from "./capture.js";
import { Peer, PeerRefusal } from "./peer.js";

const SOUND_BITS = 32_000;
const TELL_MS = 15_000;
const WATCH_MS = 1_000;
const REDIAL_MS = 1_500;
const LONGEST_REDIAL_MS = 10_000;
// Refusals for which a retry is useless.
const PEER_FINAL = new Set(["video_taken", "staff_only", "not_admitted", "removed", "room_not_open", "room_ended", "other_way", "offer_not_taken"]);

export class PeerUplink {
  // Keys of the page's texts for the state.
  says = { onAir: "onAirNow", away: "awayNow" };

  /** `room` is the connection to the room; `listener` as that of `Uplink`: `ready()`, `changed()`, `refused(code, message)`. */
  constructor({ address, ice, room, listener }) {
    this.address = address;
    this.ice = ice;
    this.room = room;
    this.listener = listener;
    this.run = 0;
    this.attempts = 0;
    this.trouble = "";
    this.awaySince = performance.now();
    this.watching = null;
    this.reporting = null;
  }

  async connect(takeOver = false) {
    this.takesOver = takeOver;
  }

  /** Chunks are of the other uplink only: WebRTC sends the tracks itself. */
  add() {}

  /** Send what `capture` sees and hears from now on. */
  async carry(capture) {
    this.capture = capture;
    this.run += 1;
    clearTimeout(this.retry);
    if (this.sender) await this.sender.replaceTrack(capture.tracks[0]);
    else await this.dial();
    this.watching ??= setInterval(() => this.listener.changed(), WATCH_MS);
    this.reporting ??= setInterval(() => this.report(), TELL_MS);
  }

  async dial() {
    if (this.isOver) return;
    const [picture, sound] = this.capture.tracks;
    const peer = new Peer(this.ice, { connected: () => this.isUp(peer), lost: () => this.lose(peer) });
    this.peer = peer;
    this.sender = peer.connection.addTransceiver(picture, { direction: "sendonly", sendEncodings: [{ maxBitrate: PICTURE_BITS[0] }] }).sender;
    peer.connection.addTransceiver(sound, { direction: "sendonly", sendEncodings: [{ maxBitrate: SOUND_BITS }] });
    try {
      await peer.dial(this.address, this.takesOver);
      // Only the first time: a sender that another device replaced does not take over again.
      this.takesOver = false;
      this.trouble = "";
    } catch (refusal) {
      if (this.peer !== peer) return;
      peer.leave();
      if (refusal instanceof PeerRefusal && PEER_FINAL.has(refusal.code)) {
        this.end();
        this.listener.refused(refusal.code, refusal.message);
        return;
      }
      this.trouble = refusal instanceof PeerRefusal ? refusal.message : "";
      this.again();
    }
  }

  isUp(peer) {
    if (this.peer !== peer) return;
    this.attempts = 0;
    this.trouble = "";
    this.awaySince = null;
    this.report();
    this.listener.ready();
    this.listener.changed();
  }

  /** Report that media is sent; the site ends connections without reports. */
  report() {
    if (this.isOpen) this.room.send("video.sending", { leg: this.peer.leg });
  }

  lose(peer) {
    if (this.peer === peer) this.again();
  }

  again() {
    this.peer = this.sender = null;
    this.awaySince ??= performance.now();
    this.listener.changed();
    if (this.isOver) return;
    const most = Math.min(LONGEST_REDIAL_MS, REDIAL_MS * 2 ** this.attempts++);
    this.retry = setTimeout(() => this.dial(), REDIAL_MS + Math.random() * most);
  }

  get isOpen() {
    return Boolean(this.peer?.isConnected);
  }

  get isHeard() {
    return this.isOpen;
  }

  /** Seconds without a connection; while connected nothing is buffered. */
  get waiting() {
    return this.isOpen ? 0 : (performance.now() - this.awaySince) / 1000;
  }

  async stop() {
    this.end();
  }

  end() {
    this.isOver = true;
    clearTimeout(this.retry);
    clearInterval(this.watching);
    clearInterval(this.reporting);
    this.peer?.leave();
    this.peer = this.sender = null;
  }
}
