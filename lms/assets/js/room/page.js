// The page of the room: its elements, its texts and its number formats.

export const room = document.querySelector("[data-room]");
export const find = (name) => room.querySelector(`[data-${name}]`);

export const texts = {};
for (const text of find("texts").content.children) texts[text.dataset.key] = text.textContent;

const locale = `${document.documentElement.lang}-u-nu-${room.dataset.numbering}`;
export const number = new Intl.NumberFormat(locale);
export const percent = new Intl.NumberFormat(locale, { style: "percent" });
const isArabic = document.documentElement.lang === "ar";
const hours = new Intl.DateTimeFormat(`${isArabic ? "ar-EG" : "en-GB"}-u-nu-${room.dataset.numbering}`, {
  hour: "numeric", minute: "2-digit", hourCycle: "h12", timeZone: room.dataset.timeZone,
});
// As the server writes it (`lms/formats/`): ٤:٠٠ م, and 4pm or 4:30pm.
export const clock = {
  format(date) {
    const said = hours.format(date);
    return isArabic ? said : said.replace(/:00(?=\s)/, "").replace(/\s/, "");
  },
};
