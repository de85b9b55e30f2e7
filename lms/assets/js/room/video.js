// The picture of the class on a trainee's screen.

import { chosenWay, rememberWay } from "./chosen_way.js";
import { FragmentPlayer } from "./fragment_player.js";
import { HlsPlayer } from "./hls_player.js";
import { Ladder } from "./ladder.js";
import { find } from "./page.js";
import { PeerPlayer } from "./peer_player.js";
import { layOutStage } from "./stage.js";
import { wordsOf } from "./words.js";

const VIDEO_REPORT_MS = 15_000;
const VIDEO_STALL_MS = 2_500;
const VIDEO_BACK_MS = 30_000;
const VIDEO_AGAIN_MS = 3_000;
const EDGE_LISTS = { nearly: "live.m3u8", auto: "live.m3u8", small: "180p-live.m3u8", audio: "audio-live.m3u8" };
const WHOLE_LISTS = { nearly: "master.m3u8", auto: "master.m3u8", small: "180p.m3u8", audio: "audio.m3u8" };

// The playback state in heartbeats, for the record of attendance.
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
    this.ladder = new Ladder(chosenWay(), FragmentPlayer.isAble, () => this.wants && this.play(this.past));
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
    // A new signed address, or a reconnect.
    if (this.isOn && this.wants && !this.player) this.play(this.past);
  }

  /** Whether a media server carries the class: in real time, in one size, without rewinding. */
  get isPeer() {
    return this.source?.by === "peer";
  }

  /** Offer near-live playback if browser and site support it; `socket` is its path. */
  offer(socket) {
    this.nearly = socket && FragmentPlayer.isAble ? socket : "";
    if (!this.nearly) this.ways.querySelector("[value=nearly]").remove();
    this.ladder.allow(Boolean(this.nearly));
    this.ways.value = this.ladder.top;
  }

  /** Stop playback when the person is out of the room; at the end of the class the rest of the buffer plays. */
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

  /** While this page sends, it does not play the class. */
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
    if (this.player) this.video.play().catch(() => {});
    else this.play(null);
    this.draw();
  }

  choose(way) {
    this.wants = true;
    if (way === "nearly") this.ladder.canBeNearlyLive = Boolean(this.nearly);
    rememberWay(way);
    this.ladder.choose(way);
    if (!this.player) this.play(null);
    this.draw();
  }

  async play(past) {
    this.close();
    this.past = past;
    const { way } = this.ladder;
    this.draw();
    if (way === "text" || !this.isOn) return this.report();
    const player = this.isPeer ? this.newPeer() : this.newPlayer(way === "nearly" && !past);
    this.player = player;
    this.place.dataset.plays = way;
    try {
      await (this.isPeer ? player.open(way) : player.open(this.source.base + (past ? WHOLE_LISTS : EDGE_LISTS)[way], past));
    } catch {
      if (this.player === player) this.showMessage(this.words.broken);
      return;
    }
    if (this.player !== player) return;
    this.video.play().catch(() => this.player === player && this.askForTap());
    this.draw();
  }

  newPeer() {
    const player = new PeerPlayer(
      this.video,
      { away: (text) => this.wait(player, text), broken: (text) => this.player === player && this.showMessage(text) },
      { address: this.place.dataset.offers, ice: this.source.ice },
    );
    return player;
  }

  /** No media for now, and not because of our connection. */
  wait(player, text) {
    if (this.player !== player) return;
    this.close();
    this.trouble = text;
    // With jitter and a growing pause, so that a class does not reconnect all at once.
    this.tries = Math.min(6, this.tries + 1);
    const pause = VIDEO_AGAIN_MS * (0.3 + this.tries * Math.random());
    this.again = setTimeout(() => this.isOn && this.wants && !this.player && this.play(this.past), pause);
    this.draw();
  }

  newPlayer(isNearlyLive) {
    const listener = { lost: () => this.broke(player), expired: () => this.expired(player), full: () => this.isFull(player), falters: () => this.player === player && this.ladder.stalled(performance.now()) };
    const { hls, ticketUrl } = this.place.dataset;
    const token = find("write").elements.csrfmiddlewaretoken.value;
    const player = isNearlyLive ? new FragmentPlayer(this.video, listener, { ticketUrl, socketPath: this.nearly, token }) : new HlsPlayer(this.video, listener, hls);
    return player;
  }

  /** A browser that requires a tap for sound plays muted until then. */
  askForTap() {
    this.video.muted = true;
    this.video.play().catch(() => {});
    this.isSilenced = true;
    this.draw();
  }

  goBack() {
    const moment = this.player?.moment ?? (this.isOn ? new Date() : null);
    if (!moment) return;
    const earlier = new Date(moment.getTime() - VIDEO_BACK_MS);
    this.wants = true;
    const at = this.video.currentTime - VIDEO_BACK_MS / 1000;
    if (this.past && at > 0) this.video.currentTime = at;
    else this.play(earlier);
  }

  broke(player) {
    if (this.player !== player) return;
    this.close();
    this.notKeptUp();
    this.again = setTimeout(() => this.isOn && this.wants && !this.player && this.play(this.past), VIDEO_AGAIN_MS);
  }

  /** No viewer slot is free: play segments until the person chooses near-live playback again. */
  isFull(player) {
    if (this.player === player) this.ladder.allow(false);
  }

  /** The signed address has expired: the next welcome has a new one, or the person is out. */
  expired(player) {
    if (this.player !== player) return;
    this.close();
    this.connection.socket?.close();
  }

  close() {
    clearTimeout(this.again);
    clearTimeout(this.stalling);
    this.player?.close();
    this.player = null;
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
    if (!this.player) return;
    // If the sender is missing, a cheaper playback mode does not help.
    this.isWaiting = this.player.isAtSource ? "sourceAway" : "slow";
    if (this.isWaiting === "slow") this.notKeptUp();
    this.draw();
  }

  /** Only while connected: being offline has its own banner and is not a slow connection. */
  notKeptUp() {
    if (this.connection.isOpen) this.ladder.stalled(performance.now());
  }

  report() {
    // Playing an earlier moment does not count as watching now.
    const playing = Boolean(this.player) && !this.past && !this.video.paused;
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
