// Reads a playlist of the class: which second of it was sent when.

/**
 * Its segments in order: `at` in the playlist and `date` by the server's clock, both of the start, and `seconds`.
 *
 * @param {string} text
 */
function* segmentsOf(text) {
  let at = 0;
  let date = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) date = Date.parse(line.slice(25));
    else if (line.startsWith("#EXTINF:")) {
      const seconds = parseFloat(line.slice(8));
      yield { at, date, seconds };
      at += seconds;
      date += seconds * 1000;
    }
  }
}

/**
 * The position of the moment `from`, in seconds of the class's playlist.
 *
 * @param {string} url
 * @param {Date} from
 */
export async function placeOf(url, from) {
  // All renditions have the same times.
  const answer = await fetch(url.replace("master.m3u8", "180p.m3u8"));
  let end = 0;
  for (const { at, date, seconds } of segmentsOf(await answer.text())) {
    if (date + seconds * 1000 > from.getTime()) return at + Math.max(0, (from.getTime() - date) / 1000);
    end = at + seconds;
  }
  return Math.max(0, end - 1);
}

/**
 * How many seconds were sent between two moments (milliseconds), without pauses of the instructor.
 *
 * @param {string} url
 * @param {number} from
 * @param {number} until
 */
export async function secondsSent(url, from, until) {
  const answer = await fetch(url);
  if (!answer.ok) return 0;
  let sent = 0;
  for (const { date, seconds } of segmentsOf(await answer.text())) if (date >= from && date < until) sent += seconds;
  return sent;
}
