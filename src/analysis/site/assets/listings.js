// Listings: filter, order, categories and pages of items.
"use strict";

(() => {
  const { all, one, make, plain } = globalThis.analysisPage;
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

  document.addEventListener("DOMContentLoaded", addListings);
})();
