// Suggests programs while a person types (WAI-ARIA combobox with a list). Without it the box is a plain search.

const form = document.querySelector("[data-suggest]");
const box = form?.querySelector("[type=search]");
const answers = new Map();
let asking, timer;
let at = -1;

const set = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
};

if (box && !navigator.connection?.saveData) {
  const list = document.createElement("ul");
  set(list, { id: "suggestions", class: "suggestions", role: "listbox", "aria-label": form.dataset.suggestions });
  list.hidden = true;
  box.after(list);
  set(box, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id });

  const open = (isOpen) => {
    list.hidden = !isOpen;
    set(box, { "aria-expanded": isOpen });
    mark(-1);
  };
  const mark = (next) => {
    if (list.children[at]) set(list.children[at], { "aria-selected": false });
    at = next;
    const option = list.children[at];
    box.removeAttribute("aria-activedescendant");
    if (!option) return;
    set(option, { "aria-selected": true });
    set(box, { "aria-activedescendant": option.id });
    option.scrollIntoView({ block: "nearest" });
  };
  const go = (option) => location.assign(option.dataset.url);
  const show = (programs) => {
    list.replaceChildren(...programs.map(({ title, url }, place) => {
      const option = document.createElement("li");
      set(option, { id: `suggestion-${place}`, role: "option", "aria-selected": false });
      option.textContent = title;
      option.dataset.url = url;
      return option;
    }));
    open(programs.length > 0 && document.activeElement === box);
  };
  const ask = async (typed) => {
    asking?.abort();
    asking = new AbortController();
    try {
      const url = `${form.dataset.suggest}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(url, { signal: asking.signal, credentials: "omit" });
      if (!answer.ok) return;
      answers.set(typed, (await answer.json()).programs);
      show(answers.get(typed));
    } catch {
      // Another letter was typed, or the connection is down: the search works without suggestions.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    asking?.abort();
    const typed = box.value.trim().slice(0, 40);
    if (typed.length < 2) open(false);
    else if (answers.has(typed)) show(answers.get(typed));
    else timer = setTimeout(ask, 300, typed);
  });
  box.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) open(false);
    else if (event.key === "Enter" && at >= 0) go(list.children[at]);
    else if (event.key === "ArrowDown" && count) {
      if (list.hidden) open(true);
      mark(at + 1 < count ? at + 1 : 0);
    } else if (event.key === "ArrowUp" && count && !list.hidden) mark(at > 0 ? at - 1 : count - 1);
    else return;
    event.preventDefault();
  });
  // Before the box loses its focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => target.dataset.url && go(target));
  box.addEventListener("blur", () => open(false));
}
