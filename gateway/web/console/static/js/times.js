// Counts on how long ago things were.
"use strict";
(function () {
  function span(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min`;
    if (s < 86400) {
      const minutes = Math.floor(s / 60) % 60;
      return minutes ? `${Math.floor(s / 3600)} h ${minutes} min` : `${Math.floor(s / 3600)} h`;
    }
    const days = Math.floor(s / 86400);
    const hours = Math.floor(s / 3600) % 24;
    return hours && days < 10 ? `${days} d ${hours} h` : `${days} d`;
  }

  function count() {
    document.querySelectorAll("time[data-ago]").forEach(function (time) {
      const text = `${span((Date.now() - Date.parse(time.dateTime)) / 1000)} ago`;
      if (time.textContent !== text) time.textContent = text;
    });
  }

  setInterval(count, 1000);
})();
