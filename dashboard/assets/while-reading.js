/* While a reader reads: links, views and files are of exactly what is seen, focus stays where something was chosen and
   what is shown then is told, a page that is gone back to is as it was left, and a reason serves the same rows. */
(function () {
  var DRAWN_MS = 50, chosen = "", at = "", left = {}, isBack = false, reason = null;

  /* A page drawn anew has other elements, and the one that had focus is gone without a word. */
  document.addEventListener("focusin", function (event) {
    chosen = event.target.id.indexOf("choice-") === 0 ? event.target.id : "";
  });
  document.addEventListener("pointerdown", function (event) {
    if (chosen && !event.target.closest("[role=option]") && event.target.id !== chosen) {
      chosen = "";
    }
  });

  /* The question that leads to exactly what is seen, also to what nobody asked for (the reader's own board, the latest
     month). Not written into the address bar, since Dash would take that for a question of its own. */
  function search() {
    var query = new URLSearchParams(window.location.search);
    document.querySelectorAll("#main [data-parameter]").forEach(function (one) {
      if (one.dataset.shown !== "alla") {
        query.set(one.dataset.parameter, one.dataset.shown);
      }
    });
    return String(query) && "?" + query;
  }

  function keepFocus() {
    var choice = chosen && document.getElementById(chosen);
    if (!choice) {
      return;
    }
    if (document.activeElement === document.body) {
      choice.focus({ preventScroll: true });
    }
    var label = document.querySelector('label[for="' + choice.id + '"]');
    window.dash_clientside.set_props("page-said", { children: "Visar " + label.textContent + ": " + choice.value });
  }

  /* Who goes back finds the page as it was left: as far down, and with the same parts open. */
  function leave() {
    var parts = Array.from(document.querySelectorAll("#main details"));
    left[at] = { top: window.scrollY, open: parts.map(function (one) { return one.open; }) };
  }

  function findAgain() {
    var was = isBack && left[at];
    isBack = false;
    if (was) {
      document.querySelectorAll("#main details").forEach(function (one, place) {
        one.open = Boolean(was.open[place]);
      });
      window.scrollTo(0, was.top);
    }
  }

  /* Who has said why they read about individuals need not say it again to sort or narrow the same rows: each reading is
     noted with it. It is remembered while this window stays on the page, and is written nowhere. */
  function rowsShown() {
    return ["slag", "enhet", "manad"].map(function (name) {
      var one = document.querySelector('#main [data-parameter="' + name + '"]');
      return one ? one.dataset.shown : "";
    }).join(" ");
  }

  function readAgain() {
    var field = document.getElementById("cases-reason");
    if (!field) {
      reason = null;
    } else if (reason && reason.rows === rowsShown() && !field.value) {
      window.dash_clientside.set_props("cases-reason", { value: reason.words });
      window.setTimeout(function () { document.getElementById("cases-show").click(); }, DRAWN_MS);
    }
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest("#cases-show")) {
      reason = { rows: rowsShown(), words: document.getElementById("cases-reason").value };
    }
    if (event.target.closest("a[href]")) {
      leave();
    }
  }, true);
  window.addEventListener("popstate", function () {
    leave();
    isBack = true;
  });

  function read() {
    at = window.location.pathname + window.location.search;
    window.setTimeout(keepFocus, DRAWN_MS);
    window.setTimeout(findAgain, 2 * DRAWN_MS);
    window.setTimeout(readAgain, DRAWN_MS);
    return "";
  }

  /* A link on the page leads to what it names, also where that is folded. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest('#main a[href^="#"]');
    var target = link && document.getElementById(link.hash.slice(1));
    var folded = target && target.querySelector(":scope > details");
    if (folded) {
      folded.open = true;
    }
  });

  /* Mantine's choices are fields that cannot be written in: what they are, and whether they are open, is told here. */
  function tell() {
    document.querySelectorAll('input[aria-haspopup="listbox"]').forEach(function (one) {
      var isOpen = String(one.dataset.expanded === "true");
      if (one.getAttribute("aria-expanded") !== isOpen) {
        one.setAttribute("role", "combobox");
        one.setAttribute("aria-expanded", isOpen);
      }
    });
  }

  new MutationObserver(tell).observe(document.documentElement, {
    attributeFilter: ["data-expanded"], childList: true, subtree: true,
  });

  window.samkollReading = { search: search, isChoosing: function () { return chosen !== ""; } };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.samkoll = Object.assign({}, window.dash_clientside.samkoll, { read: read });
})();
