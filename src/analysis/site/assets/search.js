// The search of the site: a box over the page, its index from the site itself.
"use strict";

(() => {
  const { all, one, make, plain } = globalThis.analysisPage;
  const siteRoot = one('meta[name="quarto:offset"]').content;

  const rank = (entry, words) => words.reduce((sum, word) => {
    const fields = [[plain(entry.title), 8], [plain(entry.section), 5], [plain(entry.text), 1]];
    const scores = fields.map(([text, weight]) => {
      const at = text.indexOf(word);
      if (at < 0) return 0;
      return weight * (at === 0 ? 3 : /\W/.test(text[at - 1]) ? 2 : 1);
    });
    const best = Math.max(...scores);
    return best && sum >= 0 ? sum + best : -1;
  }, 0);
  const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  const marked = (text, words) => {
    const out = document.createDocumentFragment();
    const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
    text.split(pattern).forEach((part, index) => {
      const node = index % 2 ? document.createElement("mark") : document.createTextNode(part);
      if (index % 2) node.textContent = part;
      out.append(node);
    });
    return out;
  };
  const excerpt = (text, words) => {
    const flat = unescape(text).replace(/\s+/g, " ");
    const at = Math.max(0, plain(flat).indexOf(words[0]));
    const start = at > 60 ? flat.indexOf(" ", at - 50) + 1 : 0;
    return (start ? "… " : "") + flat.slice(start, start + 140) + (flat.length > start + 140 ? " …" : "");
  };
  const addSearch = () => {
    const place = one("#quarto-search");
    if (!place) return;
    const button = make('<button type="button" class="tool-button" aria-label="Search"><i class="bi bi-search"></i><kbd aria-hidden="true">/</kbd></button>');
    place.append(button);
    const dialog = make('<dialog class="search-dialog" aria-label="Search"><input type="search" placeholder="Search" aria-label="Search this site" role="combobox" aria-expanded="true" aria-controls="search-results" autocomplete="off"><ul class="search-results" id="search-results" role="listbox" aria-label="Results"></ul></dialog>');
    document.body.append(dialog);
    const input = one("input", dialog);
    const list = one("ul", dialog);
    let index = null;
    let chosen = 0;
    const say = (text) => list.replaceChildren(Object.assign(document.createElement("li"), { className: "search-none", textContent: text }));
    const mark = () => all('[role="option"]', list).forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === chosen));
      if (at === chosen) { option.scrollIntoView({ block: "nearest" }); input.setAttribute("aria-activedescendant", option.id); }
    });
    const show = () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      if (!words.length) return list.replaceChildren();
      const found = index.map((entry) => [rank(entry, words), entry]).filter(([score]) => score > 0)
        .sort((a, b) => b[0] - a[0])
        // A page that starts with a section is in the index twice.
        .filter(([, entry], at, every) => every.findIndex(([, other]) => other.title === entry.title && other.text === entry.text) === at)
        .slice(0, 20);
      if (!found.length) return say("Nothing found");
      list.replaceChildren(...found.map(([, entry], at) => {
        const option = make(`<li role="option" id="search-${at}"><a tabindex="-1"><b></b><small></small></a></li>`);
        one("a", option).href = siteRoot + entry.href.replaceAll("%", "%25");
        one("b", option).append(marked(entry.section ? `${entry.title} › ${entry.section}` : entry.title, words));
        one("small", option).append(marked(excerpt(entry.text, words), words));
        return option;
      }));
      chosen = 0;
      mark();
    };
    const open = async () => {
      dialog.showModal();
      input.select();
      if (index) return;
      try { index = await (await fetch(`${siteRoot}search.json`)).json(); show(); }
      catch { say("Search needs the site to be served, not opened as a file."); }
    };
    button.addEventListener("click", open);
    all(".quarto-search-button").forEach((other) => other.addEventListener("click", open));
    input.addEventListener("input", () => index && show());
    input.addEventListener("keydown", (event) => {
      const options = all('[role="option"]', list);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) { event.preventDefault(); chosen = (chosen + step + options.length) % options.length; mark(); }
      if (event.key === "Enter") one("a", options[chosen])?.click();
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("a")) dialog.close(); });
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
      const isCall = event.key === "/" || (event.key === "k" && (event.ctrlKey || event.metaKey));
      if (isCall && !isTyping && !dialog.open) { event.preventDefault(); open(); }
    });
  };

  document.addEventListener("DOMContentLoaded", addSearch);
})();
