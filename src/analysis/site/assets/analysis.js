// What pages do beyond being read: theme, menus, tabs, search, listings. No library, no other host.
"use strict";

(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const siteRoot = () => one('meta[name="quarto:offset"]')?.content ?? "./";
  const make = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.firstElementChild;
  };

  // Theme: set before the page is painted; the stored choice overrules the system's.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try { return localStorage.getItem("analysis-theme"); } catch { return null; }
  };
  const applyTheme = () => {
    const choice = stored();
    if (choice) root.dataset.theme = choice; else delete root.dataset.theme;
    root.dataset.scheme = choice ?? (dark.matches ? "dark" : "light");
  };
  applyTheme();
  dark.addEventListener("change", applyTheme);

  const addThemeSwitch = () => {
    const place = one(".quarto-navbar-tools") ?? one(".quarto-secondary-nav .container-fluid");
    if (!place) return;
    const button = make('<button type="button" class="tool-button quarto-color-scheme-toggle"><i class="bi bi-theme"></i></button>');
    const name = () => button.setAttribute("aria-label",
      root.dataset.scheme === "dark" ? "Use light colours" : "Use dark colours");
    button.addEventListener("click", () => {
      const choice = root.dataset.scheme === "dark" ? "light" : "dark";
      const isSystems = choice === (dark.matches ? "dark" : "light");
      try {
        if (isSystems) localStorage.removeItem("analysis-theme");
        else localStorage.setItem("analysis-theme", choice);
      } catch { /* a browser that stores nothing still switches this page */ }
      applyTheme();
      if (root.dataset.scheme !== choice) root.dataset.theme = root.dataset.scheme = choice;
      name();
    });
    name();
    place.append(button);
  };

  // Everything that folds: the menu on phones, the sidebar, its sections, callouts, drop-downs.
  const fold = (trigger, open) => {
    const targets = all(trigger.dataset.bsTarget);
    const show = open ?? !targets[0]?.classList.contains("show");
    targets.forEach((target) => target.classList.toggle("show", show));
    const { bsTarget } = trigger.dataset;
    all("[data-bs-target]").filter((other) => other.dataset.bsTarget === bsTarget).forEach((other) => {
      other.setAttribute("aria-expanded", String(show));
      other.classList.toggle("collapsed", !show);
    });
  };
  const closeMenus = (but) => all(".dropdown-menu.show").forEach((menu) => {
    if (menu === but) return;
    menu.classList.remove("show");
    menu.previousElementSibling.setAttribute("aria-expanded", "false");
  });
  const addFolds = () => {
    all('[data-bs-toggle="collapse"]:not(a[href], button)').forEach((trigger) => {
      if (!trigger.closest(".quarto-secondary-nav, #quarto-sidebar-glass")) trigger.tabIndex = 0;
      if (trigger.matches(".callout-header")) trigger.setAttribute("role", "button");
    });
    document.addEventListener("click", (event) => {
      const trigger = event.target.closest('[data-bs-toggle="collapse"]');
      if (trigger) { event.preventDefault(); fold(trigger); }
      const toggle = event.target.closest('[data-bs-toggle="dropdown"]');
      const menu = toggle?.nextElementSibling;
      closeMenus(menu);
      if (menu) {
        event.preventDefault();
        toggle.setAttribute("aria-expanded", String(menu.classList.toggle("show")));
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        closeMenus();
        const glass = one("#quarto-sidebar.show + #quarto-sidebar-glass");
        if (glass) fold(glass, false);
      }
      const trigger = event.target.closest?.('[data-bs-toggle="collapse"]:not(button), [role="button"]:not(a[href], button)');
      if (trigger && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); trigger.click(); }
    });
  };

  // Tabs: arrows move, and tabsets of one group follow each other, also on other pages.
  const choose = (tab) => {
    all('[role="tab"]', tab.closest(".nav-tabs")).forEach((other) => {
      const isChosen = other === tab;
      other.classList.toggle("active", isChosen);
      other.setAttribute("aria-selected", String(isChosen));
      other.tabIndex = isChosen ? 0 : -1;
      one(other.dataset.bsTarget)?.classList.toggle("active", isChosen);
    });
  };
  const chooseGroup = (tab) => {
    choose(tab);
    const group = tab.closest("[data-group]")?.dataset.group;
    if (!group) return;
    const name = tab.textContent.trim();
    all(`[data-group="${CSS.escape(group)}"]`).forEach((set) => {
      const same = all('[role="tab"]', set).find((other) => other.textContent.trim() === name);
      if (same) choose(same);
    });
    try { localStorage.setItem(`analysis-tab-${group}`, name); } catch { /* not kept */ }
  };
  const addTabs = () => {
    all(".panel-tabset").forEach((set) => {
      const tabs = all('[role="tab"]', set).filter((tab) => tab.closest(".panel-tabset") === set);
      let name = null;
      try { name = set.dataset.group && localStorage.getItem(`analysis-tab-${set.dataset.group}`); } catch { /* first one */ }
      const start = tabs.find((tab) => tab.textContent.trim() === name) ?? tabs.find((tab) => tab.classList.contains("active"));
      if (start) choose(start);
      tabs.forEach((tab, index) => {
        tab.addEventListener("click", (event) => { event.preventDefault(); chooseGroup(tab); });
        tab.addEventListener("keydown", (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (!step) return;
          const next = tabs[(index + step + tabs.length) % tabs.length];
          chooseGroup(next);
          next.focus();
        });
      });
    });
  };

  const addCopying = () => all(".code-copy-button").forEach((button) => {
    button.setAttribute("aria-label", "Copy to clipboard");
    button.addEventListener("click", async () => {
      const code = one("code", button.closest(".code-copy-outer-scaffold") ?? button.parentElement);
      try { await navigator.clipboard.writeText(code.innerText); } catch { return; }
      button.classList.add("is-done");
      setTimeout(() => button.classList.remove("is-done"), 1200);
    });
  });

  const addAnchors = () => all(".anchored[data-anchor-id]").forEach((heading) => {
    heading.append(make(`<a class="anchorjs-link" aria-label="Link to this section" href="#${encodeURIComponent(heading.dataset.anchorId)}">#</a>`));
  });

  // The contents mark where one reads; they step aside for notes and wide figures beside them.
  const addContentsMarks = () => {
    const links = all("#TOC a[data-scroll-target]");
    const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const side = one("#quarto-margin-sidebar");
    const wide = all(".column-margin, [class*='column-page'], [class*='column-screen'], .column-body-outset-right");
    const top = one("#quarto-back-to-top");
    let lastY = scrollY;
    const update = () => {
      const line = innerHeight * 0.25;
      let current = 0;
      targets.forEach((target, index) => { if (target && target.getBoundingClientRect().top < line) current = index; });
      links.forEach((link, index) => link.classList.toggle("active", index === current));
      const box = one("#TOC")?.getBoundingClientRect();
      side?.classList.toggle("is-covered", Boolean(box) && wide.some((element) => {
        const other = element.firstElementChild?.getBoundingClientRect() ?? element.getBoundingClientRect();
        return other.top < box.bottom && other.bottom > box.top && other.right > box.left;
      }));
      top?.classList.toggle("show", scrollY > innerHeight && scrollY < lastY);
      lastY = scrollY;
    };
    let due = false;
    const later = () => { if (!due) { due = true; requestAnimationFrame(() => { due = false; update(); }); } };
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    update();
  };

  // The mark in the navbar goes to the entry of this very page, where there is one.
  const markNavbar = () => {
    const links = all("#navbarCollapse a.nav-link[href]");
    const here = links.find((link) => link.pathname === location.pathname && link.getAttribute("href") !== "#");
    if (!here) return;
    links.forEach((link) => { link.classList.remove("active"); link.removeAttribute("aria-current"); });
    here.classList.add("active");
    here.setAttribute("aria-current", "page");
  };

  // Search ------------------------------------------------------------------
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
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
        one("a", option).href = siteRoot() + entry.href.replaceAll("%", "%25");
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
      try { index = await (await fetch(`${siteRoot()}search.json`)).json(); show(); }
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

  // Listings ----------------------------------------------------------------
  const decode = (code) => code ? decodeURIComponent(atob(code)) : "";
  const listings = [];
  class Listing {
    constructor(element) {
      this.list = one(".list", element);
      this.items = [...this.list.children];
      this.none = one(".listing-no-matching", element);
      this.pages = one(".pagination", element);
      this.size = Number(element.dataset.pageSize) || Infinity;
      this.filter = "";
      this.category = "";
      this.page = 0;
      one("input.search", element)?.addEventListener("input", (event) => { this.filter = plain(event.target.value); this.page = 0; this.show(); });
      one("select", element)?.addEventListener("change", (event) => this.sort(event.target.value, event.target.selectedOptions[0].dataset.direction));
      all("a.sort", element).forEach((link) => {
        link.tabIndex = 0;
        link.setAttribute("role", "button");
        link.addEventListener("click", () => {
          const order = link.classList.contains("sort-asc") ? "desc" : "asc";
          all("a.sort", element).forEach((other) => { other.classList.remove("sort-asc", "sort-desc"); other.closest("th").removeAttribute("aria-sort"); });
          link.classList.add(`sort-${order}`);
          link.closest("th").setAttribute("aria-sort", order === "asc" ? "ascending" : "descending");
          this.sort(link.dataset.sort, order);
        });
      });
      this.show();
    }
    sort(field, direction) {
      const value = (item) => item.getAttribute(`data-${field}`) ?? one(`.${field}`, item)?.textContent.trim() ?? "";
      const sign = direction === "desc" ? -1 : 1;
      this.items.sort((a, b) => sign * value(a).localeCompare(value(b), undefined, { numeric: true }));
      this.list.append(...this.items);
      this.page = 0;
      this.show();
    }
    show() {
      const fits = this.items.filter((item) =>
        (!this.category || decode(item.dataset.categories).split(",").includes(this.category))
        && (!this.filter || plain(item.textContent).includes(this.filter)));
      const shown = new Set(fits.slice(this.page * this.size, (this.page + 1) * this.size));
      this.items.forEach((item) => { item.hidden = !shown.has(item); });
      this.none.classList.toggle("d-none", fits.length > 0);
      if (!this.pages) return;
      this.pages.replaceChildren(...Array.from({ length: Math.ceil(fits.length / this.size) }, (_, page) => {
        const entry = make(`<li class="page-item"><button type="button" class="page-link">${page + 1}</button></li>`);
        if (page === this.page) entry.firstElementChild.setAttribute("aria-current", "page");
        entry.firstElementChild.addEventListener("click", () => { this.page = page; this.show(); this.list.scrollIntoView(); });
        return entry;
      }));
    }
  }
  const category = (name) => {
    listings.forEach((listing) => { listing.category = name; listing.page = 0; listing.show(); });
    all(".category").forEach((entry) => entry.classList.toggle("active", decode(entry.dataset.category) === name));
  };
  const fromAddress = () => {
    const wanted = new URLSearchParams(location.hash.slice(1)).get("category");
    if (wanted !== null) category(wanted);
  };
  const addListings = () => {
    listings.push(...all(".quarto-listing").map((element) => new Listing(element)));
    if (!listings.length) return;
    all(".category, .listing-category").forEach((entry) => {
      const name = entry.dataset.category === undefined ? entry.textContent.trim() : decode(entry.dataset.category);
      if (!entry.closest("a")) { entry.setAttribute("role", "button"); entry.tabIndex = 0; }
      entry.addEventListener("click", (event) => {
        event.preventDefault();
        history.replaceState(null, "", name ? `#category=${encodeURIComponent(name)}` : location.pathname);
        category(name);
      });
    });
    addEventListener("hashchange", fromAddress);
    fromAddress();
  };
  globalThis.quartoListingCategory = (code) => category(decode(code));

  document.addEventListener("DOMContentLoaded", () => {
    [addThemeSwitch, addFolds, addTabs, addCopying, addAnchors, addContentsMarks, markNavbar, addSearch, addListings]
      .forEach((add) => add());
  });
})();
