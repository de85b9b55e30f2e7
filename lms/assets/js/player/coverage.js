// Which parts of the video were played, in buckets of five seconds as on the server.

export const BUCKET_SECONDS = 5;
// The share of a bucket that must have played for it to count.
const ENOUGH = 0.8;

/** Adds up what was played, bucket by bucket. Jumps and pauses add nothing. */
export class Coverage {
  /**
   * @param {number} seconds of the video
   * @param {Iterable<number>} watched numbers of buckets
   */
  constructor(seconds, watched) {
    this.seconds = seconds;
    this.total = Math.max(1, Math.ceil(seconds / BUCKET_SECONDS));
    this.watched = new Set(watched);
    /** @type {Map<number, number>} */
    this.played = new Map();
    /** @type {number | null} */
    this.last = null;
    // What was played continuously, to count repeated plays.
    this.run = { bucket: -1, seconds: 0 };
  }

  /**
   * Takes the position of the video; returns the buckets completed by this step, and those played completely again.
   *
   * @param {number} now
   * @param {number} rate
   */
  advance(now, rate) {
    const before = this.last;
    this.last = now;
    /** @type {number[]} */
    const completed = [];
    /** @type {number[]} */
    const ticked = [];
    // A step longer than two seconds of real time is a seek, not playback.
    if (before === null || now <= before || now - before > 2 * Math.max(1, rate)) return { completed, ticked };
    for (let at = before; at < now; ) {
      const bucket = Math.floor(at / BUCKET_SECONDS);
      const end = Math.min(now, (bucket + 1) * BUCKET_SECONDS);
      const enough = Math.min(BUCKET_SECONDS, this.seconds - bucket * BUCKET_SECONDS) * ENOUGH;
      const sum = (this.played.get(bucket) ?? 0) + end - at;
      this.played.set(bucket, sum);
      if (bucket < this.total && sum >= enough && !this.watched.has(bucket)) {
        this.watched.add(bucket);
        completed.push(bucket);
      }
      if (this.run.bucket !== bucket) this.run = { bucket, seconds: 0 };
      const isNew = this.run.seconds < enough;
      this.run.seconds += end - at;
      if (bucket < this.total && isNew && this.run.seconds >= enough) ticked.push(bucket);
      at = end;
    }
    return { completed, ticked };
  }

  jump() {
    this.last = null;
    this.run = { bucket: -1, seconds: 0 };
  }

  get percent() {
    return Math.floor((this.watched.size / this.total) * 100);
  }
}
