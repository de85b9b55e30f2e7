// A table with `data-paste-column`: a column of a spreadsheet that is pasted into a field goes on in the fields below it.

/**
 * The texts of pasted lines, without the empty one after the last line break.
 * @param {string} text
 */
function linesOf(text) {
  return text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t")[0].trim());
}

for (const table of document.querySelectorAll("[data-paste-column]")) {
  table.addEventListener("paste", (event) => {
    const field = event.target;
    const lines = linesOf(event.clipboardData?.getData("text/plain") ?? "");
    if (!(field instanceof HTMLInputElement) || lines.length < 2) return;
    event.preventDefault();
    const place = field.closest("td").cellIndex;
    let row = field.closest("tr");
    for (const line of lines) {
      const input = row?.cells[place]?.querySelector("input");
      if (!input) return;
      input.value = line;
      row = row.nextElementSibling;
    }
  });
}
