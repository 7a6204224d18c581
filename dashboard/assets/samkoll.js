/* What must happen in the browser: the document's title, where focus goes, the session, and what is done with a page. */
window.dash_clientside = Object.assign({}, window.dash_clientside);
window.dash_clientside.samkoll = Object.assign({}, window.dash_clientside.samkoll, {
  entitle: function (title) {
    if (title) {
      var isFirst = !document.body.dataset.shown;
      var isNew = document.title !== title;
      document.title = title;
      document.body.dataset.shown = "yes";
      if (!isFirst && isNew && !window.samkollReading.isChoosing()) {
        document.getElementById("main").focus({ preventScroll: true });
        window.scrollTo(0, 0);
      }
      window.setTimeout(function () {
        var wanted = window.location.hash && document.getElementById(window.location.hash.slice(1));
        if (wanted && wanted.id !== "main") {
          wanted.scrollIntoView();
        }
      }, 50);
    }
    return window.dash_clientside.no_update;
  },
});

/* The switch tells its state only when it takes another one than it believed; the root element always knows. */
new MutationObserver(function () {
  if (document.getElementById("scheme")) {
    var now = document.documentElement.dataset.mantineColorScheme;
    window.dash_clientside.set_props("scheme", { computedColorScheme: now });
  }
}).observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });

/* Which tables are wider than their boxes, told by `data-wide` when something is drawn, folded out or given other room. */
(function () {
  var waiting;

  function measure() {
    document.querySelectorAll(".table-box").forEach(function (box) {
      if (box.clientWidth && box.scrollWidth > box.clientWidth + 1) {
        box.dataset.wide = "yes";
      } else {
        delete box.dataset.wide;
      }
    });
  }

  function soon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(measure, 150);
  }

  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("toggle", soon, true);
  window.addEventListener("resize", soon);
})();

/* Every request of the page's own says so by the token in its cookie. A session that has ended leads to the login, and
   back to where the reader was, with what was written (written.js). */
(function () {
  var send = window.fetch;

  function token() {
    var found = /(?:^|; )(?:__Host-)?samkoll-csrf=([0-9a-f]+)/.exec(document.cookie);
    return found ? found[1] : "";
  }

  function here() {
    return window.location.pathname + window.location.search;
  }

  window.fetch = function (resource, options) {
    var given = options || {};
    var address = new URL(resource instanceof Request ? resource.url : resource, window.location.href);
    var method = given.method || (resource instanceof Request ? resource.method : "GET");
    if (address.origin !== window.location.origin || method.toUpperCase() === "GET") {
      return send.call(window, resource, options);
    }
    var headers = new Headers(given.headers || (resource instanceof Request ? resource.headers : undefined));
    headers.set("X-Samkoll-CSRF", token());
    return send.call(window, resource, Object.assign({}, given, { headers: headers })).then(function (answer) {
      var isPressed = /"changedPropIds":\s*\[[^\]]*\.n_clicks"/.test(given.body || "");
      if (answer.status === 401 && address.pathname === "/_dash-update-component") {
        window.samkollWritten.keep();
        window.location.assign("/logga-in?till=" + encodeURIComponent(here()));
        return new Promise(function () {});
      }
      if (answer.ok && isPressed) {
        answer.clone().text().then(function (content) {
          if (content.indexOf('"data-saved":') >= 0) {
            window.samkollWritten.sent(JSON.parse(given.body).state);
          }
        });
      }
      return address.pathname === "/_dash-update-component" ? shown(answer) : answer;
    });
  };

  /* A refusal (403) or a missing page (404) carries what is to be shown: let the page show it. */
  function shown(answer) {
    var isJson = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
    if (answer.status < 400 || !isJson) {
      return answer;
    }
    return answer.text().then(function (content) {
      return new Response(content, { status: 200, headers: answer.headers });
    });
  }

  /* The menu's ”Mer” closes when something else is meant. */
  function closeMenu(event) {
    document.querySelectorAll("#navigation details[open]").forEach(function (menu) {
      if (event.key === "Escape") {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (event.type === "click" && !menu.contains(event.target)) {
        menu.open = false;
      }
    });
  }

  /* Tips that are shown until they are put away, on this browser. */
  function isNew(name) {
    try {
      return window.localStorage.getItem("samkoll-once-" + name) === null;
    } catch (_) {
      return false;
    }
  }

  if (isNew("guide")) {
    document.documentElement.dataset.newGuide = "yes";
  }
  document.addEventListener("click", function (event) {
    var once = event.target.closest("[data-once]");
    if (once) {
      delete document.documentElement.dataset.newGuide;
      try {
        window.localStorage.setItem("samkoll-once-" + once.dataset.once, "yes");
      } catch (_) { /* it is shown again next time */ }
      document.getElementById("main").focus({ preventScroll: true });
    }
  });

  /* What can be done with any page. The address is the browser's own. */
  function go(address) {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function seen() {
    return window.location.pathname + window.samkollReading.search();
  }

  var TOOLS = {
    csv: function (said) { file("csv", said); },
    xlsx: function (said) { file("xlsx", said); },
    print: function () { window.print(); },
    link: function (said) {
      navigator.clipboard.writeText(window.location.origin + seen()).then(function () {
        said.textContent = "Länken är kopierad.";
      }, function () {
        said.textContent = "Länken gick inte att kopiera. Kopiera adressen i adressfältet.";
      });
    },
    save: function () {
      go("/vyer?spara=" + encodeURIComponent(seen()) + "&namn=" + encodeURIComponent(document.title));
    },
  };

  /* The file is fetched by the page itself, so that a refusal can be told in words where the reader is. */
  function file(ending, said) {
    var path = window.location.pathname.replace(/\/+$/, "");
    said.textContent = "Hämtar filen …";
    send.call(window, "/ladda-ned/sida" + path + "." + ending + window.samkollReading.search()).then(function (answer) {
      if (!answer.ok) {
        return answer.text().then(function (words) { said.textContent = words; });
      }
      var named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
      return answer.blob().then(function (content) {
        var address = URL.createObjectURL(content);
        window.samkollSave(address, named ? named[1] : "samkoll." + ending);
        URL.revokeObjectURL(address);
        said.textContent = "Filen är hämtad.";
      });
    }, function () {
      said.textContent = "Filen gick inte att hämta. Kontrollera anslutningen och försök igen.";
    });
  }

  document.addEventListener("click", function (event) {
    var tool = event.target.closest("[data-tool]");
    if (tool && TOOLS[tool.dataset.tool]) {
      TOOLS[tool.dataset.tool](tool.parentElement.querySelector(".tool-said"));
    }
  });
  document.addEventListener("submit", function (event) {
    if (event.target.closest(".search-form")) {
      event.preventDefault();
      go("/sok?q=" + encodeURIComponent(event.target.querySelector("[name=q]").value.trim()));
    }
  });

  document.addEventListener("keydown", closeMenu);
  document.addEventListener("click", closeMenu);
  document.addEventListener("click", function (event) {
    if (event.target.closest("#log-out")) {
      window.fetch("/logga-ut", { method: "POST" }).then(function (answer) {
        return answer.ok ? answer.json() : { next: "/" };
      }).then(function (told) {
        window.location.assign(told.next);
      });
    }
  });
})();
