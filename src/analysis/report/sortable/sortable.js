// Sorts and filters the table before this script. Without it the table is whole.
(() => {
  "use strict";
  const box = document.currentScript.parentElement;
  const body = box.querySelector("tbody");
  if (!body) return;
  const things = box.dataset.things;
  const first = Number(box.dataset.first);
  const heads = [...box.querySelectorAll("thead tr:last-child th")];
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const make = (name, content, attributes = {}) => {
    const element = document.createElement(name);
    element.append(...[content].flat());
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };
  const collator = new Intl.Collator("en", { numeric: true });

  // What each row is sorted and filtered by, read once.
  const keyOf = (cell) => {
    const key = cell.querySelector("[data-key]")?.dataset.key ?? cell.textContent.trim();
    return key === "" ? null : Number.isNaN(Number(key)) ? key : Number(key);
  };
  let rows = [...body.rows].map((row, place) => ({ row, place, matches: true }));
  const keys = (item) => item.keys ??= [...item.row.cells].map(keyOf);
  const words = (item) => item.words ??= plain(item.row.textContent);

  let order = null; // the column and the direction chosen
  let wanted = [];
  let all = rows.length <= first;

  const compare = (a, b) => {
    const x = keys(a)[order.column];
    const y = keys(b)[order.column];
    if (x === null || y === null) return (x === null) - (y === null) || a.place - b.place;
    const numbers = typeof x === "number" && typeof y === "number";
    const way = numbers ? x - y : collator.compare(x, y);
    return (order.direction === "ascending" ? way : -way) || a.place - b.place;
  };
  const show = () => {
    let shown = 0;
    let found = 0;
    for (const item of rows) {
      const matches = wanted.every((word) => words(item).includes(word));
      found += matches;
      const visible = matches && (all || shown < first);
      shown += visible;
      if (item.row.hidden === visible) item.row.hidden = !visible;
    }
    const of = found < rows.length ? `${found} of ${rows.length} ${things}` : `${found} ${things}`;
    told.textContent = shown < found ? `${shown} of ${found} ${things}` : of;
    more.hidden = shown === found;
    more.textContent = `Show all ${found}`;
  };
  const sort = (column) => {
    const { first: start } = heads[column].querySelector("[data-first]").dataset;
    const turned = start === "ascending" ? "descending" : "ascending";
    const again = order?.column === column && order.direction === start;
    order = { column, direction: again ? turned : start };
    heads.forEach((head, place) => head.hasAttribute("aria-sort")
      && head.setAttribute("aria-sort", place === column ? order.direction : "none"));
    rows = rows.sort(compare);
    body.append(...rows.map((item) => item.row));
    show();
  };

  heads.forEach((head, column) => {
    if (!head.querySelector("[data-first]")) return;
    const label = head.querySelector(".label");
    const button = make("button", [...label.childNodes], { type: "button" });
    label.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sort(column));
  });
  const field = make("input", [], { type: "search", autocomplete: "off", spellcheck: "false" });
  const told = make("output", [], { "aria-live": "polite" });
  const more = make("button", [], { type: "button" });
  const tools = make("div", [make("label", ["Filter", field]), told], { class: "tools" });
  field.addEventListener("input", () => {
    wanted = plain(field.value).split(/\s+/).filter(Boolean);
    show();
  });
  more.addEventListener("click", () => { all = true; show(); });
  box.prepend(tools);
  box.append(more);
  show();
})();
