// Draws each `.chart` of a page from what its `data-chart` address answers, and again each minute.
//
// The answer: {"at": [seconds], "series": [{"label", "unit", "values": [number or null]}]}.
"use strict";
(function () {
  const EVERY = 60000; // ms
  const charts = new Map();

  function colour(name) {
    // Of a pair of colours the one that holds now: asked of an element, as canvas cannot ask.
    const probe = document.createElement("i");
    probe.hidden = true;
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function legend(place, answer, index) {
    const words = place.parentElement.querySelectorAll(".legend b");
    words.forEach(function (word, i) {
      const one = answer.series[i];
      const value = index == null ? one.values.findLast((known) => known !== null) : one.values[index];
      word.textContent = value == null ? "–" : `${Math.round(value * 10) / 10}${one.unit}`;
    });
  }

  // What a picture shows in words, for who does not see it: of each line the newest, least and most.
  function describe(place, answer) {
    place.subject ??= place.getAttribute("aria-label");
    const lines = answer.series.map(function (one) {
      const known = one.values.filter((value) => value !== null);
      const said = (value) => `${Math.round(value * 10) / 10}${one.unit}`;
      if (!known.length) return `${one.label}: none`;
      const last = said(known[known.length - 1]);
      return `${one.label}: last ${last}, least ${said(Math.min(...known))}, most ${said(Math.max(...known))}`;
    });
    place.setAttribute("aria-label", `${place.subject}. ${lines.join("; ")}`);
  }

  // The hour of the day, or the day where more than two are drawn; in the zone of the box.
  function hours(answer, zone) {
    const long = answer.at[answer.at.length - 1] - answer.at[0] > 2 * 86400;
    const form = long ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit", hour12: false };
    const words = new Intl.DateTimeFormat("en-GB", { ...form, timeZone: zone });
    return (_, all) => all.map((at) => words.format(new Date(at * 1000)));
  }

  function axes(answer, zone) {
    const shared = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const unit = answer.series[0].unit;
    const values = (_, all) => all.map((v) => `${v}${unit}`);
    return [{ ...shared, size: 30, values: hours(answer, zone) }, { ...shared, size: unit ? 64 : 48, values }];
  }

  // From nothing up; what is below nothing, such as dBm, between what it can be.
  function range(_, low, high) {
    if (high < 0) return [-115, -50];
    return [0, high > 0 ? high * 1.1 : 1];
  }

  function draw(place, answer) {
    const old = charts.get(place);
    if (old) old.destroy();
    const options = {
      width: place.clientWidth,
      height: place.clientHeight,
      cursor: { y: false, points: { size: 6 } },
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), place.dataset.zone),
      scales: { y: { range } },
      axes: axes(answer, place.dataset.zone),
      series: [{}].concat(answer.series.map(function (one, i) {
        const stroke = colour(`--chart-${i + 1}`);
        const known = one.values.filter((value) => value !== null).length;
        const points = { show: known < 60, size: 4, fill: stroke };
        // The first one as an area, so that what lies on it is seen beside it.
        const fill = i ? undefined : stroke.replace("rgb(", "rgba(").replace(")", ", 0.14)");
        return { label: one.label, stroke, fill, width: 1.5, points, spanGaps: false };
      })),
      hooks: { setCursor: [(u) => legend(place, answer, u.cursor.idx)] },
    };
    charts.set(place, new uPlot(options, [answer.at].concat(answer.series.map((one) => one.values)), place));
    legend(place, answer, null);
  }

  async function load(place) {
    const response = await fetch(place.dataset.chart, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    place.answer = await response.json();
    const empty = !place.answer.series.some((one) => one.values.some((value) => value !== null));
    place.classList.toggle("nothing", empty);
    if (empty) return;
    place.textContent = "";
    draw(place, place.answer);
    describe(place, place.answer);
  }

  function each(act) {
    document.querySelectorAll(".chart[data-chart]").forEach(act);
  }

  function again() {
    each((place) => charts.has(place) && draw(place, place.answer));
  }

  let resizing = 0;
  addEventListener("resize", function () {
    clearTimeout(resizing);
    resizing = setTimeout(again, 150);
  });
  document.addEventListener("shopbell:theme", again);
  setInterval(() => document.hidden || each((place) => load(place).catch(() => {})), EVERY);
  each((place) => load(place).catch(() => {}));
})();
