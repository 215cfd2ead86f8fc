// Charts are in the page as pictures. Near the viewport they become interactive; if that fails, they stay.
"use strict";

(() => {
  const base = new URL(".", document.currentScript.src);
  let library = null;
  const load = () => {
    library ??= import(new URL("vega.js", base).href).then(() => globalThis.analysisVegaEmbed);
    return library;
  };
  const specOf = (chart) => {
    let next = chart.nextElementSibling;
    while (next && !next.matches("script.analysis-chart-spec")) next = next.nextElementSibling;
    return next && JSON.parse(next.textContent);
  };
  const enliven = async (chart) => {
    const picture = chart.querySelector("svg");
    const stage = document.createElement("div");
    try {
      const spec = specOf(chart);
      if (!spec || !picture) return;
      const box = picture.getBoundingClientRect();
      const embed = await load();
      stage.style.cssText = `position:absolute;visibility:hidden;width:${box.width}px`;
      chart.append(stage);
      const options = { actions: false, renderer: "svg" };
      const { view } = await embed(stage, spec, options);
      await view.runAsync();
      const live = stage.querySelector("svg");
      // The same size as the picture, so that nothing moves.
      for (const name of ["width", "height", "style"]) {
        if (picture.hasAttribute(name)) live.setAttribute(name, picture.getAttribute(name));
      }
      stage.removeAttribute("style");
      picture.remove();
      chart.dataset.interactive = "true";
    } catch (error) {
      stage.remove();
      console.warn("The chart stays a picture:", error);
    }
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watch.unobserve(entry.target);
      enliven(entry.target);
    }
  }, { rootMargin: "300px" });
  document.querySelectorAll(".analysis-chart").forEach((chart) => watch.observe(chart));
})();
