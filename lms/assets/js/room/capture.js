// Captures a camera, the screen, both or a still card, with a microphone, by the browser's recorder.

import { compose } from "./compositor.js";
import { find } from "./page.js";

// The server copies H.264 and encodes anything else.
const RECORDER_FORMATS = ["video/x-matroska;codecs=avc1,opus", "video/webm;codecs=h264,opus", "video/webm;codecs=vp8,opus", "video/webm;codecs=vp9,opus"];
const CHUNK_MS = 250;
const WHOLE_PICTURE_MS = 1000;
const CARD_MS = 250;
// Bit rates from the highest on: the next one when the connection is too slow.
export const PICTURE_BITS = [400_000, 250_000, 140_000];

const release = (picture) => [...(picture?.getTracks() ?? []), ...(picture?.sources ?? [])].forEach((track) => track.stop());

export class Capture {
  /** `listener` has `chunk(blob)` in order, `ended()` when the shared screen was taken away. */
  constructor(listener) {
    this.listener = listener;
    this.format = globalThis.MediaRecorder && RECORDER_FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    this.step = 0;
    this.context = null;
    this.mix = null;
    this.meter = null;
  }

  get isAble() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  get canRecord() {
    return Boolean(this.format);
  }

  /** The current video track, and the mixer's audio track, which never changes. */
  get tracks() {
    return [this.picture.getVideoTracks()[0], this.mix.stream.getAudioTracks()[0]];
  }

  /** The microphone goes through a mixer: it may change, or be missing, while the recorder runs. */
  async listen(deviceId) {
    this.context ??= new AudioContext();
    await this.context.resume();
    this.mix ??= this.context.createMediaStreamDestination();
    this.meter ??= new AnalyserNode(this.context, { fftSize: 1024 });
    this.voice?.disconnect();
    this.microphone?.getTracks().forEach((track) => track.stop());
    this.voice = this.microphone = null;
    try {
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(deviceId && { deviceId: { exact: deviceId } }) };
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      if (error.name === "NotFoundError") return false;
      throw error;
    }
    this.voice = this.context.createMediaStreamSource(this.microphone);
    this.voice.connect(this.mix);
    this.voice.connect(this.meter);
    return true;
  }

  /** Capture a camera (`source` is its id, "" for any), the "screen", "both", or a card ("none"). */
  async look(source) {
    const picture = await this.pictureOf(source);
    release(this.picture);
    clearInterval(this.painting);
    this.picture = picture;
    this.isScreen = source === "screen" || source === "both";
    if (source === "none") this.paint(picture.canvas);
    for (const track of picture.sources ?? picture.getVideoTracks()) {
      track.addEventListener("ended", () => this.picture === picture && this.listener.ended());
    }
    return picture;
  }

  async pictureOf(source) {
    if (source === "both") {
      const screen = await this.pictureOf("screen");
      try {
        return compose(screen, await this.pictureOf(""));
      } catch (error) {
        release(screen);
        throw error;
      }
    }
    if (source === "screen") {
      return navigator.mediaDevices.getDisplayMedia({ video: { width: { max: 1280 }, height: { max: 720 }, frameRate: { max: 10 } }, audio: false });
    }
    if (source === "none") {
      const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
      canvas.getContext("2d");
      return Object.assign(canvas.captureStream(5), { canvas });
    }
    const video = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 20 }, ...(source && { deviceId: { exact: source } }) };
    return navigator.mediaDevices.getUserMedia({ video });
  }

  /** Audio only is sent with a still card, so that every rendition has a picture. */
  paint(canvas) {
    const pen = canvas.getContext("2d");
    const name = find("sending").dataset.name;
    const draw = () => {
      pen.fillStyle = "#094a44";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.fillStyle = "#ffffff";
      pen.font = "600 36px sans-serif";
      pen.textAlign = "center";
      pen.direction = document.dir;
      pen.fillText(name, canvas.width / 2, canvas.height / 2);
    };
    draw();
    this.painting = setInterval(draw, CARD_MS);
  }

  /** Begin a new run of the recorder; the one before has given its last chunk when this returns. */
  async record() {
    await this.pause();
    const recorder = new MediaRecorder(new MediaStream(this.tracks), {
      mimeType: this.format,
      videoBitsPerSecond: PICTURE_BITS[this.step],
      audioBitsPerSecond: 32_000,
      videoKeyFrameIntervalDuration: WHOLE_PICTURE_MS,
    });
    recorder.ondataavailable = ({ data }) => data.size && this.listener.chunk(data);
    recorder.start(CHUNK_MS);
    this.recorder = recorder;
  }

  async pause() {
    const { recorder } = this;
    this.recorder = null;
    if (!recorder || recorder.state === "inactive") return;
    await new Promise((resolve) => {
      recorder.onstop = resolve;
      recorder.stop();
    });
  }

  /** 0 to 1: how loud it is just now. */
  get level() {
    if (!this.meter || !this.voice) return 0;
    const wave = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(wave);
    return Math.min(1, 3 * Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length));
  }

  async close() {
    await this.pause();
    clearInterval(this.painting);
    release(this.picture);
    release(this.microphone);
    this.picture = this.microphone = null;
    this.voice?.disconnect();
    this.voice = null;
  }
}
