// Minutes of the class that this page did not play: offered once, played at a chosen speed, then back to now.

import { find, number, room } from "./page.js";
import { secondsSent } from "./playlist.js";
import { clockFace, serverClock } from "./timer.js";

const MISSED_SECONDS = 20;
const MISSED_TICK_MS = 1000;
const PLAYED_PREFIX = "live:played:";
const PLAYED_KEPT_MS = 86_400_000;
const playedKey = `${PLAYED_PREFIX}${room.dataset.key}`;

/** Classes of days ago offer nothing any more. */
function forgetOldPlaces() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PLAYED_PREFIX) && Date.now() - Number(localStorage.getItem(key)) > PLAYED_KEPT_MS) localStorage.removeItem(key);
  }
}

export class Missed {
  constructor(video) {
    this.video = video;
    this.box = find("missed");
    this.eventHandlers = { "video.stopped": () => this.hide() };
    forgetOldPlaces();
    // The last moment that was played, by the server's clock, in milliseconds.
    this.last = Number(localStorage.getItem(playedKey)) || null;
    // While the missed minutes play: the moment they end at.
    this.until = null;
    find("missed-watch").addEventListener("click", () => this.watch());
    find("missed-leave").addEventListener("click", () => this.hide());
    find("missed-speed").addEventListener("change", () => this.until && this.setSpeed(Number(find("missed-speed").value)));
    setInterval(() => this.tick(), MISSED_TICK_MS);
  }

  welcome({ video }) {
    // A page that was loaded anew plays nothing before a tap: what it missed is known all the same.
    if (video.on && this.last && !this.video.edge) this.consider(this.last, null);
  }

  tick() {
    const { video, past, edge } = this.video;
    if (this.until && !past) this.finish();
    const moment = edge?.moment?.getTime();
    if (!moment || video.paused) return;
    if (this.until) return this.follow(moment);
    // Whoever looks back by themselves has missed nothing.
    if (past) return;
    const leapt = this.last ? (moment - this.last) / 1000 : 0;
    if (leapt >= MISSED_SECONDS && !this.hasPlayed(leapt)) this.consider(this.last, moment);
    this.last = moment;
    localStorage.setItem(playedKey, moment);
  }

  /** A page in the background is asked seldom, and may have played on. */
  hasPlayed(seconds) {
    const { played, currentTime } = this.video.video;
    for (let at = 0; at < played.length; at += 1) {
      if (played.start(at) <= currentTime - seconds + 2 && played.end(at) >= currentTime - 2) return true;
    }
    return false;
  }

  async consider(from, until) {
    const { source, isPeer, ladder } = this.video;
    // Of what a media server carries nothing is kept.
    if (ladder.way === "text" || isPeer) return;
    const seconds = await secondsSent(`${source.base}180p.m3u8`, from, until ?? Infinity).catch(() => 0);
    if (seconds < MISSED_SECONDS || this.until) return;
    this.offered = { from, until };
    const { mb } = find("ways").querySelector(`[value="${ladder.way}"]`).dataset;
    find("missed-time").textContent = clockFace(Math.round(seconds));
    const watch = find("missed-watch");
    watch.textContent = watch.dataset.words.replace("{mb}", number.format(Math.ceil((Number(mb) * seconds) / 3600)));
    this.box.hidden = false;
  }

  watch() {
    const { from, until } = this.offered;
    this.hide();
    this.until = until ?? serverClock.now();
    this.setSpeed(Number(find("missed-speed").value));
    this.video.wants = true;
    this.video.video.muted = false;
    this.video.play(new Date(from));
  }

  setSpeed(speed) {
    const { video } = this.video;
    // A new source begins at the default speed.
    video.defaultPlaybackRate = video.playbackRate = speed;
  }

  follow(moment) {
    // Another way of the ladder goes on from here.
    this.video.past = new Date(moment);
    if (moment < this.until) return;
    this.finish();
    this.video.play(null);
  }

  finish() {
    this.until = null;
    // What went on meanwhile was given up for it.
    this.last = null;
    this.setSpeed(1);
  }

  hide() {
    this.box.hidden = true;
  }
}
