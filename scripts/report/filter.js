// Filters the verification plan. Without it every row is there, and no filter is seen.
"use strict";
(() => {
  const form = document.getElementById("plan-filter");
  const bodies = [...document.querySelectorAll("#plan-table tbody")];
  if (!form) return;
  const rows = bodies.map((body) => [...body.querySelectorAll("tr[id]")]);
  const all = rows.flat().length;
  const words = new Map(rows.flat().map((row) => [row, row.textContent.toLowerCase()]));
  const value = (id) => document.getElementById(id).value;

  function apply() {
    const wanted = value("find").toLowerCase().split(/\s+/).filter(Boolean);
    const [state, area, level] = ["find-state", "find-area", "find-level"].map(value);
    let shown = 0;
    bodies.forEach((body, index) => {
      let here = 0;
      for (const row of rows[index]) {
        const fits = (!state || row.dataset.state === state) && (!level || row.dataset.level === level)
          && (!area || body.dataset.area === area) && wanted.every((word) => words.get(row).includes(word));
        row.hidden = !fits;
        here += fits;
      }
      body.hidden = here === 0;
      shown += here;
    });
    const chosen = [value("find"), state, area, level].filter(Boolean).join(", ");
    document.getElementById("found").textContent = `${shown} of ${all} rows` + (chosen ? ` (${chosen})` : "");
  }

  function clear() {
    form.reset();
    apply();
  }

  // A link to a row that the filter hides shows all again.
  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("#plan-table") && target.closest("[hidden]")) {
      clear();
      target.scrollIntoView();
    }
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.querySelector("button").addEventListener("click", clear);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  apply();
  follow();
})();
