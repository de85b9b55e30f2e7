// Pop-ups of buttons: Escape or a press elsewhere closes them and returns the focus.

export class Menus {
  constructor(root) {
    this.root = root;
    this.open = null;
    for (const button of root.querySelectorAll("[data-opens]")) {
      button.addEventListener("click", () => this.toggle(button));
    }
    for (const button of root.querySelectorAll("[data-closes]")) button.addEventListener("click", () => this.close());
    document.addEventListener("pointerdown", (event) => {
      if (this.open && !event.composedPath().some((node) => node === this.menu || node === this.open)) {
        this.close({ isFocusKept: true });
      }
    });
    // Tabbing out closes it, too.
    root.addEventListener("focusin", (event) => {
      if (this.open && !this.menu.contains(event.target) && event.target !== this.open) {
        this.close({ isFocusKept: true });
      }
    });
  }

  get menu() {
    return this.open && this.menuOf(this.open);
  }

  menuOf(button) {
    return this.root.querySelector(`#${button.getAttribute("aria-controls")}`);
  }

  toggle(button) {
    if (this.open === button) {
      this.close();
      return;
    }
    this.close({ isFocusKept: true });
    this.open = button;
    button.setAttribute("aria-expanded", "true");
    this.menu.classList.add("is-open");
    const first = this.menu.querySelector("input:checked, [aria-current], select, button, input");
    (first ?? this.menu).focus({ preventScroll: true });
    // On a phone it opens below the buttons, where the tab bar of the site may cover it.
    this.menu.scrollIntoView({ block: "nearest" });
  }

  close({ isFocusKept = false } = {}) {
    const button = this.open;
    if (!button) return;
    this.menu.classList.remove("is-open");
    button.setAttribute("aria-expanded", "false");
    this.open = null;
    if (!isFocusKept) button.focus();
  }
}
