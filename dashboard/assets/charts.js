/* Charts: in the reader's colours and in the width that there is, and as pictures for a paper. */
(function () {
  /* Takes the form (1 or 2) of what differs, as [path, one, other]; tells whether anything was otherwise. */
  function takeForm(figure, differences, wanted) {
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

  /* A chart in the reader's scheme, and with few words where it is narrow (figures/narrow.py). */
  function paint(_scheme, forms, figure) {
    var isDark = document.documentElement.dataset.mantineColorScheme === "dark";
    var painted = structuredClone(figure);
    var other = (forms || []).map(function (differences, at) {
      return takeForm(painted, differences, (at ? isNarrow() : isDark) ? 2 : 1);
    });
    painted.layout.meta = Object.assign({}, painted.layout.meta, { forms: forms });
    return other.some(Boolean) ? painted : window.dash_clientside.no_update;

    function isNarrow() {
      var id = window.dash_clientside.callback_context.outputs_list.id;
      var place = document.getElementById(JSON.stringify(id, Object.keys(id).sort()));
      return Boolean(place) && place.clientWidth < 360;
    }
  }

  /* A window of another width: each chart is asked anew which form it is to have. */
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

  /* A chart as a picture for a paper: light and wide whatever the window is. Above it what it shows, where and when;
     below it its caption, how the figure is counted, and what it comes from. */
  var LOOK_MS = 100, LOOKS = 100;
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

  function picture(button, looks) {
    var figure = button.closest("figure");
    var drawn = figure.querySelector(".js-plotly-plot");
    if (!drawn || !window.Plotly) {
      if (looks > 0) {
        window.setTimeout(picture, LOOK_MS, button, looks - 1);  // it is on its way
      }
      return;
    }
    var chart = structuredClone({ data: drawn.data, layout: drawn.layout });
    ((chart.layout.meta || {}).forms || []).forEach(function (differences) { takeForm(chart, differences, 1); });
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
      picture(asked, LOOKS);
    }
  });

  window.samkollSave = save;
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.samkoll = Object.assign({}, window.dash_clientside.samkoll, { paint: paint });
})();
