"use strict";
// Sorting, where there are scripts; without them the tables stand in the order of the page.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending";
      const first = head.classList.contains("number") ? "descending" : "ascending";
      const order = !head.hasAttribute("aria-sort") ? first : down ? "ascending" : "descending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const key = (row) => {
        const cell = row.cells[column];
        return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
      };
      const compare = (a, b) => {
        // What is not known stays at the end.
        if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
        if (typeof a === "number") return sign * (a - b);
        return sign * a.localeCompare(b, undefined, { numeric: true });
      };
      const body = table.tBodies[0];
      const keyed = [...body.rows].map((row) => [key(row), row]);
      keyed.sort((one, other) => compare(one[0], other[0]));
      body.append(...keyed.map((pair) => pair[1]));
    });
  });
}
// Paper shows everything; the screen goes back to what was open.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const one of opened) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
});
