// The voice of a trainee who was allowed to speak: the offer, the microphone, and what the class is shown.

import { find } from "./page.js";
import { Uplink } from "./uplink.js";
import { VoiceListener, loudness } from "./voice_listener.js";
import { wordsOf } from "./words.js";

const VOICE_FORMAT = "audio/webm;codecs=opus";
const VOICE_CHUNK_MS = 250;
const VOICE_BITS = 28_000;
const VOICE_LEVEL_MS = 150;

export class Voice {
  constructor(me, connection, sending) {
    this.me = me;
    this.connection = connection;
    this.sending = sending;
    this.box = find("voice");
    this.context = null;
    this.eventHandlers = {
      "hand.called": ({ who }) => who === me.key && this.offer(true),
      "hand.lowered": ({ who }) => who === me.key && this.offer(false),
      "voice.started": ({ seq, who, name }) => this.show({ seq, who, name }),
      "voice.ended": () => this.show(null),
      "room.ended": () => this.show(null),
    };
    if (!this.box) return;
    this.words = wordsOf("voice-texts");
    const act = (name, does) => find(name)?.addEventListener("click", does);
    act("voice-speak", () => this.speak());
    act("voice-not", () => connection.send("hand.lower", {}));
    act("voice-stop", () => this.stop());
    act("voice-end", () => connection.send("voice.end", {}));
    act("voice-mute", () => this.mute());
    setInterval(() => this.tick(), VOICE_LEVEL_MS);
  }

  welcome({ voice, hands }) {
    if (!this.box) return;
    this.isOffered = hands.some((hand) => hand.who === this.me.key && hand.called);
    this.show(voice);
  }

  offer(isOffered) {
    this.isOffered = isOffered;
    this.refusal = "";
    this.draw();
  }

  /** Who speaks now: {seq, who, name}, or null. */
  show(voice) {
    if (!this.box) return;
    const before = this.voice;
    this.voice = voice;
    if (before?.seq !== voice?.seq) {
      this.listener?.close();
      this.listener = null;
      if (before?.who === this.me.key) this.close();
    }
    this.draw();
  }

  // --- The trainee who speaks -----------------------------------------------------------------------------------

  async speak() {
    if (this.uplink || this.isOpening) return;
    this.refusal = "";
    if (!globalThis.MediaRecorder?.isTypeSupported(VOICE_FORMAT) || !navigator.mediaDevices?.getUserMedia) return this.deny(this.words.unable);
    this.isOpening = true;
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    } catch {
      return this.deny(this.words.denied);
    } finally {
      this.isOpening = false;
    }
    this.context ??= new AudioContext();
    this.meter = new AnalyserNode(this.context, { fftSize: 1024 });
    this.context.createMediaStreamSource(this.microphone).connect(this.meter);
    const { ticketUrl, socket } = this.box.dataset;
    const token = find("write").elements.csrfmiddlewaretoken.value;
    const uplink = new Uplink({ ticketUrl, socketPath: socket, token, listener: this });
    this.uplink = uplink;
    this.draw();
    await uplink.connect();
  }

  /** Connected: the first time, start to record the microphone. */
  ready() {
    if (this.recorder || !this.uplink) return;
    this.hush(true);
    const { uplink } = this;
    uplink.begin("voice");
    this.recorder = new MediaRecorder(this.microphone, { mimeType: VOICE_FORMAT, audioBitsPerSecond: VOICE_BITS });
    this.recorder.ondataavailable = ({ data }) => data.size && uplink.add(data);
    this.recorder.start(VOICE_CHUNK_MS);
    this.microphone.getAudioTracks()[0].addEventListener("ended", () => this.uplink === uplink && this.stop());
    this.draw();
  }

  changed() {
    const isAway = Boolean(this.recorder && !this.uplink?.isOpen);
    if (isAway !== this.isAway) {
      this.isAway = isAway;
      this.draw();
    }
  }

  refused(code, message) {
    this.close();
    this.deny(message);
  }

  over() {
    this.close();
  }

  /** Show why the microphone cannot be used. */
  deny(text) {
    this.refusal = text;
    this.draw();
  }

  /** Send what is recorded before the turn ends. */
  async stop() {
    const { uplink, recorder } = this;
    this.uplink = this.recorder = null;
    if (recorder && recorder.state !== "inactive") {
      await new Promise((resolve) => {
        recorder.onstop = resolve;
        recorder.stop();
      });
    }
    this.hangUp();
    await uplink?.stop();
  }

  close() {
    const { uplink, recorder } = this;
    this.uplink = this.recorder = null;
    if (recorder && recorder.state !== "inactive") recorder.stop();
    uplink?.end();
    this.hangUp();
  }

  hangUp() {
    this.microphone?.getTracks().forEach((track) => track.stop());
    this.microphone = this.meter = null;
    this.isAway = false;
    this.hush(false);
    this.draw();
  }

  /** Silence the class while speaking: hearing oneself seconds late makes speaking impossible. */
  hush(isHushed) {
    const picture = find("picture");
    if (picture) picture.muted = isHushed;
  }

  // --- The page that sends the class -------------------------------------------------------------------------------

  tick() {
    const { capture } = this.sending;
    const mayHear = this.voice && this.voice.who !== this.me.key && this.sending.uplink && capture?.mix;
    if (mayHear && !this.listener) {
      const { address } = this.sending.box.dataset;
      const token = find("write").elements.csrfmiddlewaretoken.value;
      this.listener = new VoiceListener({ capture, ticketUrl: address, socketPath: this.box.dataset.listen, token, seq: this.voice.seq });
      this.listener.isMuted = this.isMuted = false;
      this.draw();
    } else if (!mayHear && this.listener) {
      this.listener.close();
      this.listener = null;
      this.draw();
    }
    const level = find("voice-level");
    if (this.listener) level.value = this.listener.level;
    else if (this.meter) level.value = loudness(this.meter);
  }

  mute() {
    this.isMuted = !this.isMuted;
    if (this.listener) this.listener.isMuted = this.isMuted;
    this.draw();
  }

  draw() {
    if (!this.box) return;
    const isMine = this.voice?.who === this.me.key;
    const isSpeaking = Boolean(this.uplink);
    const isOffered = Boolean(this.isOffered && !isSpeaking && (!this.voice || isMine));
    this.box.hidden = !this.voice && !isOffered && !isSpeaking;
    let text = "";
    if (isOffered) text = this.words.offer;
    else if (isMine || isSpeaking) text = this.words.mine;
    else if (this.voice) text = `\u2068${this.voice.name}\u2069 ${this.words.other}`;
    const who = find("voice-who");
    if (who.textContent !== text) who.textContent = text;
    const shown = { "voice-speak": isOffered, "voice-not": isOffered, "voice-stop": isSpeaking, "voice-mute": Boolean(this.listener), "voice-level": Boolean(this.listener || this.meter) };
    for (const [name, isShown] of Object.entries(shown)) if (find(name)) find(name).hidden = !isShown;
    find("voice-mute")?.setAttribute("aria-pressed", Boolean(this.isMuted));
    let line = this.refusal;
    if (!line && isSpeaking) line = this.isAway ? this.words.away : this.words.silent;
    else if (!line && this.voice && this.sending.box) line = this.listener ? this.words.mixed : this.words.elsewhere;
    const place = find("voice-line");
    place.hidden = !line;
    if (place.textContent !== (line ?? "")) place.textContent = line ?? "";
  }
}
