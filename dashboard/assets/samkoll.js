/* What must happen in the browser: the document's title, where focus goes, and the charts' colour scheme. */
/* Takes the form (1 or 2) of what differs, as [path, one, other]; tells whether anything was otherwise. */
function samkollForm(figure, differences, wanted) {
  var isOther = false;
  differences.forEach(function (one) {
    var last = one[0].length - 1;
    var holder = one[0].slice(0, last).reduce(function (inner, step) {
      return inner[step];
    }, figure);
    isOther = isOther || JSON.stringify(holder[one[0][last]]) !== JSON.stringify(one[wanted]);
    holder[one[0][last]] = one[wanted];
  });
  return isOther;
}

window.dash_clientside = Object.assign({}, window.dash_clientside, {
  samkoll: {
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
    /* A chart in the reader's scheme, and with few words where it is narrow (figures/narrow.py). */
    paint: function (_scheme, forms, figure) {
      var isDark = document.documentElement.dataset.mantineColorScheme === "dark";
      var painted = structuredClone(figure);
      var other = (forms || []).map(function (differences, at) {
        return samkollForm(painted, differences, (at ? isNarrow() : isDark) ? 2 : 1);
      });
      painted.layout.meta = Object.assign({}, painted.layout.meta, { forms: forms });
      return other.some(Boolean) ? painted : window.dash_clientside.no_update;

      function isNarrow() {
        var id = window.dash_clientside.callback_context.outputs_list.id;
        var place = document.getElementById(JSON.stringify(id, Object.keys(id).sort()));
        return Boolean(place) && place.clientWidth < 360;
      }
    },
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

/* A window of another width: each chart is asked anew which form it is to have. */
(function () {
  var waiting, width = window.innerWidth;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      if (window.innerWidth !== width && document.getElementById("scheme")) {
        width = window.innerWidth;
        var now = document.documentElement.dataset.mantineColorScheme;
        window.dash_clientside.set_props("scheme", { computedColorScheme: now });
      }
    }, 200);
  });
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
        save(address, named ? named[1] : "samkoll." + ending);
        URL.revokeObjectURL(address);
        said.textContent = "Filen är hämtad.";
      });
    }, function () {
      said.textContent = "Filen gick inte att hämta. Kontrollera anslutningen och försök igen.";
    });
  }

  /* A chart as a picture for a paper: light and wide whatever the window is. Above it what it shows, where and when;
     below it its caption, how the figure is counted, and what it comes from. */
  var LETTERS = 96, LINE = 18, MARGIN = 24, TITLE = 68;

  function escaped(words) {
    return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  }

  function inLines(words, letters) {
    var lines = [""];
    words.split(/ +/).forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && last.length + word.length + 1 > letters) {
        lines.push(word);
      } else {
        lines[lines.length - 1] = last ? last + " " + word : word;
      }
    });
    return lines;
  }

  function wordsOf(selector, within) {
    var found = (within || document).querySelector(selector);
    return found ? found.textContent.trim() : "";
  }

  /* The place, its municipality, the month, and whatever else the page is narrowed to. */
  function shownOn() {
    var told = [wordsOf("#main .page-head .place"), document.querySelector(".tools").dataset.municipality || ""];
    document.querySelectorAll("#main .page-head .choices input[id^=choice-]").forEach(function (input) {
      var label = document.querySelector('label[for="' + input.id + '"]');
      if (input.id === "choice-month" || input.id === "choice-period") {
        told.push(input.value);
      } else if (input.id === "choice-end") {
        told.push("till och med " + input.value);
      } else if (input.id !== "choice-place" && input.id !== "choice-since" && !/^Alla/.test(input.value)) {
        told.push((label ? label.textContent + ": " : "") + input.value);
      }
    });
    return told.filter(function (one, at) {
      return one && !told.slice(0, at).some(function (before) { return before.indexOf(one) >= 0; });
    });
  }

  function countedBy() {
    var found = Array.from(document.querySelectorAll("#main dt")).find(function (term) {
      return term.textContent === "Så räknas det";
    });
    return found ? "Så räknas det: " + found.nextElementSibling.textContent : "";
  }

  function sourceOf() {
    var until = document.querySelector(".tools").dataset.until;
    var today = new Date().toLocaleDateString("sv-SE", { day: "numeric", month: "long", year: "numeric" });
    return "Källa: Samkoll." + (until ? " Uppgifter till och med " + until + "." : "") +
      " Bilden sparad " + today + "." +
      (document.querySelector("#main .synthetic") ? " Syntetiska data." : "");
  }

  function picture(button) {
    var figure = button.closest("figure");
    var drawn = figure.querySelector(".js-plotly-plot");
    if (!drawn || !window.Plotly) {
      return;
    }
    var chart = structuredClone({ data: drawn.data, layout: drawn.layout });
    ((chart.layout.meta || {}).forms || []).forEach(function (differences) { samkollForm(chart, differences, 1); });
    var ink = chart.layout.hoverlabel.font.color, back = chart.layout.hoverlabel.bgcolor;
    var page = document.title.replace(" – Samkoll", ""), shown = shownOn();
    var about = wordsOf("h2, h3", figure.closest("section, .panel"));
    var above = inLines(page + (about ? ": " + about : ""), TITLE), places = inLines(shown.join(", "), LETTERS);
    var below = [figure.querySelector("figcaption").textContent, countedBy(), sourceOf()].filter(Boolean)
      .reduce(function (lines, words) { return lines.concat(inLines(words, LETTERS)); }, []);
    var width = Math.max(drawn.clientWidth, 720), height = drawn.clientHeight;
    var top = MARGIN + above.length * 24 + places.length * LINE;
    var whole = top + height + MARGIN + below.length * LINE + LINE;
    function lines(words, from, step, look) {
      return words.map(function (line, at) {
        return '<text x="' + MARGIN + '" y="' + (from + at * step) + '" fill="' + ink + '" ' + look +
          ' font-family="Inter, system-ui, sans-serif">' + escaped(line) + "</text>";
      }).join("");
    }
    window.Plotly.toImage(chart, { format: "svg", width: width, height: height }).then(function (address) {
      var inner = decodeURIComponent(address.slice(address.indexOf(",") + 1));
      var svg = '<svg xmlns="http://www.w3.org/2000/svg" width="' + (width + 2 * MARGIN) + '" height="' + whole +
        '" role="img" aria-label="' + escaped(above.concat(places).join(" ")) + '">' +
        '<rect width="100%" height="100%" fill="' + back + '"/>' +
        lines(above, MARGIN + 6, 24, 'font-size="17" font-weight="600"') +
        lines(places, MARGIN + above.length * 24, LINE, 'font-size="13"') +
        '<g transform="translate(' + MARGIN + "," + top + ')">' + inner + "</g>" +
        lines(below, top + height + MARGIN, LINE, 'font-size="13"') + "</svg>";
      give(svg, width + 2 * MARGIN, whole, button.dataset.picture, [page].concat(shown, about).join(" "));
    });
  }

  function give(svg, width, height, kind, title) {
    var address = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    var plain = title.toLowerCase().replace(/[åä]/g, "a").replace(/ö/g, "o").replace(/[^a-z0-9]+/g, "-");
    var name = ("samkoll-" + plain).slice(0, 116).replace(/-+$/, "");
    if (kind === "svg") {
      save(address, name + ".svg");
      return;
    }
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = 2 * width;
      canvas.height = 2 * height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      save(canvas.toDataURL("image/png"), name + ".png");
    };
    image.src = address;
  }

  function save(address, name) {
    var link = document.createElement("a");
    link.href = address;
    link.download = name.slice(0, 120);
    link.click();
  }

  document.addEventListener("click", function (event) {
    var asked = event.target.closest("[data-picture]");
    if (asked) {
      picture(asked);
      return;
    }
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
