/* What must happen in the browser: the document's title, where focus goes, and the charts' colour scheme. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  samkoll: {
    entitle: function (title) {
      if (title) {
        var isFirst = !document.body.dataset.shown;
        var isNew = document.title !== title;
        document.title = title;
        document.body.dataset.shown = "yes";
        var choosing = document.activeElement && document.activeElement.id.indexOf("choice-") === 0;
        if (!isFirst && isNew && !choosing) {
          document.getElementById("main").focus({ preventScroll: true });
          window.scrollTo(0, 0);
        }
      }
      return window.dash_clientside.no_update;
    },
    paint: function (scheme, figures) {
      /* The switch tells its state only once it has been used; the root element always knows. */
      var now = document.documentElement.dataset.mantineColorScheme;
      if (window.dash_clientside.callback_context.triggered_id === "scheme" && scheme) {
        now = scheme;
      }
      return figures ? figures[now === "dark" ? "dark" : "light"] : window.dash_clientside.no_update;
    },
  },
});

/* Every request of the page's own says so by the token in its cookie. A session that has ended leads to the login, and
   back to where the reader was. */
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
      if (answer.status === 401 && address.pathname === "/_dash-update-component") {
        window.location.assign("/logga-in?till=" + encodeURIComponent(here()));
        return new Promise(function () {});
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
