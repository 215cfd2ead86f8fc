// What every page does beyond being read: theme, menus, tabs, notes. No library, no other host.
"use strict";

(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const make = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.firstElementChild;
  };
  // Text as it is compared: without case and accents.
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  globalThis.analysisPage = { all, one, make, plain };

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
      // What stands in the margin beside a tab comes and goes with it.
      all(`.${CSS.escape(other.id)}-margin-content`).forEach((note) => note.classList.toggle("collapse", !isChosen));
    });
    stackMarginNotes();
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

  // Footnotes, references and hidden explanations of code come up beside their marks.
  const noteOf = (mark) => {
    const { targetCell, targetAnnotation } = mark.dataset;
    return targetCell
      ? one(`[data-code-cell="${CSS.escape(targetCell)}"][data-code-annotation="${CSS.escape(targetAnnotation)}"]`)
      : document.getElementById(decodeURIComponent(mark.hash.slice(1)));
  };
  const addNotes = () => {
    let tip = null;
    let leaving = 0;
    const close = () => { tip?.remove(); tip = null; };
    const leave = () => { leaving = setTimeout(close, 200); };
    const stay = () => clearTimeout(leaving);
    const open = (mark) => {
      stay();
      close();
      const note = noteOf(mark);
      if (!note || note.closest(".column-margin")) return;
      tip = make('<div class="note-tip" role="tooltip"></div>');
      tip.append(...note.cloneNode(true).childNodes);
      all("[id]", tip).forEach((part) => part.removeAttribute("id"));
      document.body.append(tip);
      const box = mark.getBoundingClientRect();
      const left = Math.min(box.left, root.clientWidth - tip.offsetWidth - 16);
      const below = box.bottom + tip.offsetHeight + 8 < innerHeight;
      tip.style.left = `${Math.max(16, left) + scrollX}px`;
      tip.style.top = `${scrollY + (below ? box.bottom + 6 : box.top - tip.offsetHeight - 6)}px`;
      tip.addEventListener("mouseenter", stay);
      tip.addEventListener("mouseleave", leave);
    };
    const hidden = all(".code-annotation-anchor").filter((mark) => noteOf(mark)?.closest(".code-annotation-container-hidden"));
    hidden.forEach((mark) => {
      mark.removeAttribute("aria-hidden");
      mark.setAttribute("role", "button");
      mark.setAttribute("aria-label", `Explanation ${mark.dataset.targetAnnotation}`);
      mark.tabIndex = 0;
      mark.addEventListener("click", () => open(mark));
    });
    [...all('a.footnote-ref, a[role="doc-biblioref"]'), ...hidden].forEach((mark) => {
      mark.addEventListener("mouseenter", () => open(mark));
      mark.addEventListener("focus", () => open(mark));
      mark.addEventListener("mouseleave", leave);
      mark.addEventListener("blur", leave);
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  };

  // Notes in the margin take no room in the text: those that would cover each other move down.
  const stackMarginNotes = () => {
    let end = 0;
    all(".column-margin.no-row-height").forEach((note) => {
      note.style.translate = "";
      if (getComputedStyle(note).height !== "0px") return;
      const boxes = [...note.children].map((part) => part.getBoundingClientRect());
      const shift = Math.max(0, end - note.getBoundingClientRect().top);
      if (shift) note.style.translate = `0 ${shift}px`;
      end = Math.max(...boxes.map((box) => box.bottom)) + shift + 12;
    });
  };
  const addMarginNotes = () => {
    stackMarginNotes();
    addEventListener("load", stackMarginNotes);
    addEventListener("resize", stackMarginNotes);
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

  document.addEventListener("DOMContentLoaded", () => {
    [addThemeSwitch, addFolds, addTabs, addNotes, addMarginNotes, addCopying, addAnchors, addContentsMarks, markNavbar].forEach((add) => add());
  });
})();
