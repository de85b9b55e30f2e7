// The instructor's panel: what is sent, whether it arrives, and how many hear it.

import { canCompose } from "./compositor.js";
import { PICTURE_BITS, Capture } from "./capture.js";
import { find, number } from "./page.js";
import { PeerUplink } from "./peer_uplink.js";
import { Uplink } from "./uplink.js";
import { filled, wordsOf } from "./words.js";

const METER_MS = 100;
const AUDIENCE_MS = 40_000;
// An open connection that is so far behind, for so long, gets a lower bit rate.
const BEHIND_SECONDS = 6;
const PATIENCE_MS = 10_000;

export class Sending {
  /** `room` is the connection to the room; `setAside(isSending)` keeps this page from playing its own sound. */
  constructor(room, setAside) {
    this.room = room;
    this.box = find("sending");
    this.eventHandlers = { "room.opened": () => this.box && this.draw("open"), "room.ended": () => this.box && this.stop() };
    this.ephemeralHandlers = { "video.audience": (frame) => this.count(frame) };
    this.audience = new Map();
    if (!this.box) return;
    this.setAside = setAside;
    this.words = wordsOf("sending-texts");
    this.capture = new Capture({ chunk: (data) => this.uplink?.add(data), ended: () => this.show(find("cameras").value) });
    find("send").addEventListener("click", () => this.attempt(() => this.start(find("cameras").value)));
    for (const source of ["screen", "both"]) {
      find(source).addEventListener("click", () => this.attempt(() => (this.uplink ? this.show(source) : this.start(source))));
    }
    find("camera-again").addEventListener("click", () => this.attempt(() => this.show(find("cameras").value)));
    find("stop").addEventListener("click", () => this.stop(this.words.stopped));
    find("take-over").addEventListener("click", () => this.attempt(() => this.start(find("cameras").value, true)));
    find("cameras").addEventListener("change", () => this.uplink && this.attempt(() => this.show(find("cameras").value)));
    find("microphones").addEventListener("change", () => this.uplink && this.attempt(() => this.chooseMicrophone()));
    this.isAble = this.capture.isAble && Boolean(this.box.dataset.by === "peer" ? globalThis.RTCPeerConnection : this.capture.canRecord);
    if (!this.isAble) this.showMessage(this.words.unable);
    setInterval(() => this.drawLevel(), METER_MS);
    addEventListener("beforeunload", (event) => this.uplink && event.preventDefault());
  }

  welcome({ state, me, video }) {
    if (!this.box) return;
    this.ice = video.ice;
    this.box.dataset.name = me.name;
    this.audience.clear();
    this.draw(state);
  }

  async attempt(act) {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await act();
    } catch (error) {
      // Canceling the choice of a screen is not an error.
      const isChange = Boolean(this.uplink?.run);
      if (!isChange) await this.stop();
      if (error.name !== "AbortError" && !(isChange && error.name === "NotAllowedError")) this.showMessage(this.words.denied);
    } finally {
      this.isBusy = false;
      this.draw();
    }
  }

  async start(source, takeOver = false) {
    this.showMessage("");
    find("take-over").hidden = true;
    this.setAside(true);
    await this.capture.look(source);
    await this.chooseMicrophone();
    const uplink = this.line();
    this.uplink = uplink;
    await uplink.connect(takeOver);
    if (this.uplink !== uplink) return;
    await this.record();
    this.fillDevices();
    this.preview();
  }

  line() {
    const { by, address, socket } = this.box.dataset;
    if (by === "peer") return new PeerUplink({ address, ice: this.ice, room: this.room, listener: this });
    const token = find("write").elements.csrfmiddlewaretoken.value;
    return new Uplink({ ticketUrl: address, socketPath: socket, token, listener: this });
  }

  async chooseMicrophone() {
    const isHeard = await this.capture.listen(find("microphones").value);
    this.silent = !isHeard;
  }

  async show(source) {
    await this.capture.look(source);
    await this.record();
    this.preview();
    this.draw();
  }

  async record() {
    await this.uplink?.carry(this.capture);
  }

  async stop(text = "") {
    const { uplink } = this;
    await this.capture.close();
    this.uplink = null;
    this.setAside(false);
    this.preview();
    this.showMessage(text);
    this.draw();
    await uplink?.stop();
  }

  // --- Connection ---------------------------------------------------------------------------------------

  ready() {
    this.behindSince = null;
    this.draw();
  }

  changed() {
    const { uplink } = this;
    if (!uplink) return;
    const seconds = Math.round(uplink.waiting);
    find("on-air").hidden = !uplink.isHeard;
    if (uplink.trouble) this.showMessage(uplink.trouble);
    else if (!uplink.isOpen && seconds > 1) this.showMessage(filled(this.words[uplink.says.away], { seconds }));
    else if (uplink.isOpen && seconds >= BEHIND_SECONDS) {
      this.showMessage(filled(this.words.behind, { seconds }));
      this.behindSince ??= performance.now();
      if (performance.now() - this.behindSince > PATIENCE_MS) this.sendLess();
    } else {
      this.behindSince = null;
      if (uplink.isOpen) this.showMessage(this.silent ? this.words.silent : this.words[uplink.says.onAir]);
    }
  }

  sendLess() {
    this.behindSince = null;
    if (this.capture.step + 1 >= PICTURE_BITS.length || this.isBusy) return;
    this.capture.step += 1;
    this.attempt(() => this.record());
  }

  /** Stop sending when the person is out of the room. */
  outside() {
    if (this.uplink) this.stop();
  }

  async refused(code, message) {
    await this.stop(message);
    find("take-over").hidden = code !== "video_taken";
  }

  over(code) {
    this.stop(code === 4409 ? this.words.elsewhere : "");
  }

  // --- What is shown ----------------------------------------------------------------------------------------------

  async fillDevices() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const [name, kind] of [["cameras", "videoinput"], ["microphones", "audioinput"]]) {
      const list = find(name);
      for (const { deviceId, label, kind: its } of devices) {
        const isNew = its === kind && deviceId && ![...list.options].some((option) => option.value === deviceId);
        if (isNew && deviceId !== "default") list.add(new Option(label || number.format(list.length), deviceId));
      }
    }
  }

  preview() {
    const view = find("preview");
    view.hidden = !this.uplink;
    view.srcObject = this.uplink ? this.capture.picture : null;
    if (this.uplink) view.play().catch(() => {});
  }

  drawLevel() {
    if (this.uplink) find("level").value = this.capture.level;
  }

  count({ process, playing, hearing }) {
    if (!this.box) return;
    this.audience.set(process, { playing, hearing, at: performance.now() });
    this.drawAudience();
  }

  drawAudience() {
    const sums = { playing: 0, hearing: 0 };
    for (const one of this.audience.values()) {
      if (performance.now() - one.at > AUDIENCE_MS) continue;
      sums.playing += one.playing;
      sums.hearing += one.hearing;
    }
    const line = find("heard");
    line.hidden = !this.uplink;
    line.textContent = sums.playing ? filled(this.words.heard, sums) : this.words.noViewers;
  }

  showMessage(text) {
    const line = find("sending-line");
    line.hidden = !text;
    if (line.textContent !== text) line.textContent = text;
  }

  draw(state = this.state) {
    this.state = state;
    const isOn = Boolean(this.uplink);
    this.box.hidden = state !== "open" && !isOn;
    find("on-air").hidden = !this.uplink?.isHeard;
    find("send").hidden = isOn;
    find("stop").hidden = !isOn;
    find("camera-again").hidden = !isOn || !this.capture.isScreen;
    const isScreen = isOn && this.capture.isScreen;
    find("screen").hidden = !navigator.mediaDevices?.getDisplayMedia || isScreen;
    find("both").hidden = !canCompose || isScreen;
    find("send").disabled = !this.isAble;
    this.drawAudience();
  }
}
