// Messages and digits of the page: templates have the sentences, so that they are translated with all others.

export class Words {
  constructor(root) {
    this.words = root.querySelector("[data-words]").dataset;
    this.isArabicDigits = this.words.digits !== "0";
  }

  /** The sentence with its {placeholders} filled. */
  say(name, facts = {}) {
    const sentence = this.words[`say${name[0].toUpperCase()}${name.slice(1)}`];
    return sentence.replace(/\{(\w+)\}/g, (_, key) => facts[key]);
  }

  digits(text) {
    const plain = String(text);
    return this.isArabicDigits ? plain.replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]) : plain;
  }

  /** 754 -> 12:34. */
  time(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
    const hours = Math.floor(whole / 3600);
    const text = hours ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0(?=\d:)/, "");
    return this.digits(text);
  }

  rate(value) {
    return `×${this.digits(String(value).replace(".", this.isArabicDigits ? "٫" : "."))}`;
  }

  percent(share) {
    return `${this.digits(share)}${this.isArabicDigits ? "٪" : "%"}`;
  }
}
