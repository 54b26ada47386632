// The switch between light and dark. The choice is a cookie, so that the server can send the page
// in it and nothing flashes.
"use strict";
(function () {
  const year = 31536000;

  function isDark() {
    const chosen = document.documentElement.dataset.theme;
    if (chosen === "auto") return matchMedia("(prefers-color-scheme: dark)").matches;
    return chosen === "dark";
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-switch]")) return;
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    document.cookie = `shopbell_theme=${theme}; path=/; max-age=${year}; samesite=strict`;
    document.dispatchEvent(new CustomEvent("shopbell:theme"));
  });

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () {
    document.dispatchEvent(new CustomEvent("shopbell:theme"));
  });
})();
