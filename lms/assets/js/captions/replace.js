// Find and replace in all cues.

export class Replace {
  constructor(form, document_, list, say) {
    this.form = form;
    this.document = document_;
    this.list = list;
    this.say = say;
    this.said = form.querySelector("[data-found]");
    form.addEventListener("keydown", (event) => this.key(event));
    form.querySelector("[data-find-next]").addEventListener("click", () => this.next());
    form.querySelector("[data-replace-all]").addEventListener("click", () => this.all());
  }

  get wanted() {
    return this.form.querySelector("[data-wanted]").value;
  }

  toggle() {
    this.form.hidden = !this.form.hidden;
    if (!this.form.hidden) this.form.querySelector("[data-wanted]").focus();
  }

  key(event) {
    if (event.key === "Escape") this.toggle();
    if (event.key !== "Enter") return;
    // The fields are inside the form of the page.
    event.preventDefault();
    this.next();
  }

  next() {
    const cue = this.wanted && this.document.findNext(this.wanted, this.list.current);
    this.said.textContent = cue ? "" : this.say.nothing;
    if (!cue) return;
    this.list.select(cue.id);
    this.list.reveal(cue.id);
  }

  all() {
    if (!this.wanted) return;
    const count = this.document.replaceAll(this.wanted, this.form.querySelector("[data-other]").value);
    this.said.textContent = count ? this.say.replaced.replace("{count}", count) : this.say.nothing;
  }
}
