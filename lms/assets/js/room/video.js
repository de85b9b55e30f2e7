// The picture of the class on a trainee's screen.

import { chosenWay, rememberWay } from "./chosen_way.js";
import { Edge } from "./edge.js";
import { Flow } from "./flow.js";
import { Ladder } from "./ladder.js";
import { find } from "./page.js";
import { PeerEdge } from "./peer_edge.js";
import { layOutStage } from "./stage.js";
import { wordsOf } from "./words.js";

const VIDEO_REPORT_MS = 15_000;
const VIDEO_STALL_MS = 2_500;
const VIDEO_BACK_MS = 30_000;
const VIDEO_AGAIN_MS = 3_000;
const EDGE_LISTS = { nearly: "live.m3u8", auto: "live.m3u8", small: "180p-live.m3u8", audio: "audio-live.m3u8" };
const WHOLE_LISTS = { nearly: "master.m3u8", auto: "master.m3u8", small: "180p.m3u8", audio: "audio.m3u8" };

// What a heartbeat says of it, for the record of attendance.
const VIDEO_STATES = { nearly: "video", auto: "video", small: "low", audio: "audio", text: "text" };
const FELL = { auto: "fellToLater", small: "fellToLater", audio: "fellToAudio", text: "fellToText" };

export class Video {
  constructor(connection) {
    this.connection = connection;
    this.place = find("video");
    this.eventHandlers = { "video.started": () => this.setOn(true), "video.stopped": () => this.setOn(false) };
    if (!this.place) return;
    this.words = wordsOf("video-texts");
    this.trouble = "";
    this.tries = 0;
    this.video = find("picture");
    this.button = find("watch");
    this.ways = find("ways");
    this.ladder = new Ladder(chosenWay(), Flow.isAble, () => this.wants && this.play(this.past));
    this.button.addEventListener("click", () => this.start());
    this.ways.addEventListener("change", () => this.choose(this.ways.value));
    find("back").addEventListener("click", () => this.goBack());
    find("edge").addEventListener("click", () => this.play(null));
    this.watch();
    setInterval(() => this.isOn && this.report(), VIDEO_REPORT_MS);
  }

  welcome({ video }) {
    if (!this.place) return;
    this.source = video;
    this.ways.querySelector("[value=small]").hidden = this.isPeer;
    if (this.isPeer) this.ways.querySelector("[value=auto]").textContent = this.words.asItHappens;
    if (this.nearly === undefined) this.offer(video.nearly);
    this.setOn(video.on);
    // A new address after the old one ended, or the line was away.
    if (this.isOn && this.wants && !this.edge) this.play(this.past);
  }

  /** Comes from a media server as it happens: in one size, and what was before is gone. */
  get isPeer() {
    return this.source?.by === "peer";
  }

  /** Nearly live, where this browser and this site can: `socket` is the path of it. */
  offer(socket) {
    this.nearly = socket && Flow.isAble ? socket : "";
    if (!this.nearly) this.ways.querySelector("[value=nearly]").remove();
    this.ladder.allow(Boolean(this.nearly));
    this.ways.value = this.ladder.top;
  }

  /** Whoever is out of the room sees and hears no more of it; of a class that has ended we hear the last words. */
  outside(hasEnded) {
    if (!hasEnded || this.isPeer) this.setOn(false);
  }

  setOn(isOn) {
    if (!this.place || this.isOn === isOn) return;
    this.isOn = isOn;
    this.trouble = "";
    this.tries = 0;
    if (!isOn) this.close();
    else if (this.wants) this.play(null);
    this.draw();
  }

  lost() {
    if (this.place) this.draw();
  }

  /** While this page sends, it does not listen to itself. */
  setAside(isAside) {
    if (!this.place) return;
    this.isAside = isAside;
    if (isAside) {
      this.wants = false;
      this.close();
    }
    this.draw();
  }

  start() {
    this.wants = true;
    this.video.muted = false;
    if (this.edge) this.video.play().catch(() => {});
    else this.play(null);
    this.draw();
  }

  choose(way) {
    this.wants = true;
    if (way === "nearly") this.ladder.canBeNearlyLive = Boolean(this.nearly);
    rememberWay(way);
    this.ladder.choose(way);
    if (!this.edge) this.play(null);
    this.draw();
  }

  async play(past) {
    this.close();
    this.past = past;
    const { way } = this.ladder;
    this.draw();
    if (way === "text" || !this.isOn) return this.report();
    const edge = this.isPeer ? this.newPeer() : this.newPlayer(way === "nearly" && !past);
    this.edge = edge;
    this.place.dataset.plays = way;
    try {
      await (this.isPeer ? edge.open(way) : edge.open(this.source.base + (past ? WHOLE_LISTS : EDGE_LISTS)[way], past));
    } catch {
      if (this.edge === edge) this.showMessage(this.words.broken);
      return;
    }
    if (this.edge !== edge) return;
    this.video.play().catch(() => this.edge === edge && this.askForTap());
    this.draw();
  }

  newPeer() {
    const edge = new PeerEdge(
      this.video,
      { away: (text) => this.wait(edge, text), broken: (text) => this.edge === edge && this.showMessage(text) },
      { address: this.place.dataset.offers, ice: this.source.ice },
    );
    return edge;
  }

  /** Nothing comes for now, and it is not our line's fault. */
  wait(edge, text) {
    if (this.edge !== edge) return;
    this.close();
    this.trouble = text;
    // A whole class does not come back in one second, nor every few seconds while there is nothing.
    this.tries = Math.min(6, this.tries + 1);
    const pause = VIDEO_AGAIN_MS * (0.3 + this.tries * Math.random());
    this.again = setTimeout(() => this.isOn && this.wants && !this.edge && this.play(this.past), pause);
    this.draw();
  }

  newPlayer(isNearlyLive) {
    const listener = { lost: () => this.broke(edge), expired: () => this.expired(edge), full: () => this.isFull(edge), falters: () => this.edge === edge && this.ladder.stalled(performance.now()) };
    const { hls, ticketUrl } = this.place.dataset;
    const token = find("write").elements.csrfmiddlewaretoken.value;
    const edge = isNearlyLive ? new Flow(this.video, listener, { ticketUrl, socketPath: this.nearly, token }) : new Edge(this.video, listener, hls);
    return edge;
  }

  /** A browser that plays no sound without a tap shows the picture meanwhile. */
  askForTap() {
    this.video.muted = true;
    this.video.play().catch(() => {});
    this.isSilenced = true;
    this.draw();
  }

  goBack() {
    const moment = this.edge?.moment ?? (this.isOn ? new Date() : null);
    if (!moment) return;
    const earlier = new Date(moment.getTime() - VIDEO_BACK_MS);
    this.wants = true;
    const at = this.video.currentTime - VIDEO_BACK_MS / 1000;
    if (this.past && at > 0) this.video.currentTime = at;
    else this.play(earlier);
  }

  broke(edge) {
    if (this.edge !== edge) return;
    this.close();
    this.notKeptUp();
    this.again = setTimeout(() => this.isOn && this.wants && !this.edge && this.play(this.past), VIDEO_AGAIN_MS);
  }

  /** No place nearly live: some seconds later, then, until somebody chooses it again. */
  isFull(edge) {
    if (this.edge === edge) this.ladder.allow(false);
  }

  /** The signed address has ended: the next welcome brings another, or the person is out. */
  expired(edge) {
    if (this.edge !== edge) return;
    this.close();
    this.connection.socket?.close();
  }

  close() {
    clearTimeout(this.again);
    clearTimeout(this.stalling);
    this.edge?.close();
    this.edge = null;
  }

  watch() {
    const { video } = this;
    video.addEventListener("waiting", () => {
      clearTimeout(this.stalling);
      this.stalling = setTimeout(() => this.stall(), VIDEO_STALL_MS);
    });
    video.addEventListener("playing", () => {
      clearTimeout(this.stalling);
      this.isWaiting = this.trouble = "";
      this.tries = 0;
      if (!video.muted) this.isSilenced = false;
      this.draw();
      this.report();
    });
    video.addEventListener("pause", () => this.report());
    video.addEventListener("volumechange", () => this.report());
    video.addEventListener("ended", () => this.past && this.play(null));
  }

  stall() {
    if (!this.edge) return;
    // What the sender has not sent, no slower way brings.
    this.isWaiting = this.edge.isAtSource ? "sourceAway" : "slow";
    if (this.isWaiting === "slow") this.notKeptUp();
    this.draw();
  }

  /** A line that is down is no slow line: the one banner tells of it, and the class catches up. */
  notKeptUp() {
    if (this.connection.isOpen) this.ladder.stalled(performance.now());
  }

  report() {
    // What was before is no word on how the trainer comes across now.
    const playing = Boolean(this.edge) && !this.past && !this.video.paused;
    const hearing = playing && !this.video.muted && this.video.volume > 0;
    this.connection.plays = playing ? (this.isWaiting && "stalled") || VIDEO_STATES[this.ladder.way] : "text";
    const state = `${playing}${hearing}`;
    const now = performance.now();
    if (state === this.reported && now - this.reportedAt < VIDEO_REPORT_MS - 1000) return;
    this.reported = state;
    this.reportedAt = now;
    this.connection.send("video.report", { playing, hearing });
  }

  showMessage(text) {
    const line = find("video-line");
    line.hidden = !text;
    if (line.textContent !== text) line.textContent = text ?? "";
  }

  draw() {
    const { way } = this.ladder;
    this.place.hidden = !this.isOn || Boolean(this.isAside);
    const isPlain = this.wants && (way === "text" || way === "audio");
    find("frame").classList.toggle("video__frame--plain", Boolean(isPlain));
    this.video.hidden = Boolean(isPlain);
    const plain = find("no-picture");
    plain.hidden = !isPlain;
    plain.textContent = isPlain ? this.words[way] : "";
    this.button.hidden = Boolean(this.wants) && !this.isSilenced;
    find("edge").hidden = !this.past || !this.wants;
    find("back").hidden = way === "text" || this.isPeer;
    let text = "";
    if (!this.connection.isOpen) text = "";
    else if (this.trouble && this.wants) text = this.trouble;
    else if (this.isSilenced) text = this.words.silent;
    else if (this.ladder.hasFallen) text = this.words[FELL[way]];
    else if (this.isWaiting) text = this.words[this.isWaiting];
    else if (this.past && this.wants) text = this.words.past;
    this.showMessage(text);
    layOutStage();
  }
}
