// The page of the room: its parts, its words and its numbers.

export const room = document.querySelector("[data-room]");
export const find = (name) => room.querySelector(`[data-${name}]`);

export const texts = {};
for (const text of find("texts").content.children) texts[text.dataset.key] = text.textContent;

const locale = `${document.documentElement.lang}-u-nu-${room.dataset.numbering}`;
export const number = new Intl.NumberFormat(locale);
export const percent = new Intl.NumberFormat(locale, { style: "percent" });
export const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: room.dataset.timeZone });

// randomUUID exists only on secure origins; a training center's own network often is none.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
