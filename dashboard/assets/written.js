/* What a reader has written and not saved. When the session ends in the middle of a form it is kept in this tab, for
   the same reader at the same address, and put back after the login; and nobody leaves it behind without being asked.
   Never kept: what is written on pages about persons, about users, or as the reason for reading about individuals. */
(function () {
  var KEPT = "samkoll-written", KEPT_MS = 30 * 60 * 1000, LOOK_MS = 100, LOOKS = 100;
  var NEVER = /^\/(underlag|atkomst|anvandare)(\/|$)/;
  var ASKED = "Du har skrivit något som inte är sparat. Vill du lämna sidan ändå?";
  var FIELDS = ["TextInput", "Textarea", "NumberInput", "Autocomplete", "Select", "MultiSelect", "RadioGroup",
    "CheckboxGroup", "Checkbox"];
  var was = {}, typed = {}, isLeaving = false, passedAt = 0, shownAt = "";

  function here() {
    return window.location.pathname + window.location.search;
  }

  function who() {
    var marked = document.querySelector("#user [data-who]");
    return marked && marked.dataset.who;
  }

  function named(id) {
    return id[0] === "{" ? JSON.parse(id) : id;
  }

  /* What Dash knows of an id; nothing of an id that a library has made for itself, which it answers with an error. */
  function component(id) {
    try {
      return window.dash_component_api.getLayout(named(id));
    } catch (_) {
      return undefined;
    }
  }

  /* The id of the field that an element belongs to, if it is one that may be kept. */
  function fieldOf(element) {
    if (NEVER.test(window.location.pathname) || !element.closest("#main") || element.closest("[data-never-kept]")) {
      return null;
    }
    for (var at = element; at && at.id !== "main"; at = at.parentElement) {
      var found = at.id && at.id.indexOf("choice-") !== 0 && component(at.id);
      if (found && FIELDS.indexOf(found.type) >= 0) {
        return at.id;
      }
    }
    return null;
  }

  function same(one, other) {
    return JSON.stringify(one || "") === JSON.stringify(other || "");
  }

  /* The fields that are not as they were, by id: what they hold, and what they held. */
  function changed() {
    var found = {};
    Object.keys(was).forEach(function (id) {
      var field = component(id);
      if (field && !same(field.props.value, was[id])) {
        found[id] = { value: field.props.value, was: was[id] };
      }
    });
    return found;
  }

  function isUnsaved() {
    return Object.keys(changed()).some(function (id) {
      return id in typed;
    });
  }

  function hasFile() {
    return Array.prototype.some.call(document.querySelectorAll("#main input[type=file]"), function (input) {
      var around = input.closest("[id]"), field = around && component(around.id);
      return Boolean(field && field.props.contents);
    });
  }

  function forget() {
    try {
      window.sessionStorage.removeItem(KEPT);
    } catch (_) { /* nothing was kept */ }
  }

  /* Before the login takes over: keep what is written. The page has not been asked to leave by the reader. */
  function keep() {
    isLeaving = true;
    var found = changed();
    if (!who() || !(Object.keys(found).length || hasFile())) {
      return;
    }
    var content = { who: who(), at: here(), kept: Date.now(), fields: found, hasFile: hasFile() };
    try {
      window.sessionStorage.setItem(KEPT, JSON.stringify(content));
    } catch (_) { /* the browser keeps nothing */ }
  }

  function say(words) {
    window.dash_clientside.set_props("written-said", { children: words });
  }

  function restore(looks) {
    var told = null;
    try {
      told = JSON.parse(window.sessionStorage.getItem(KEPT));
    } catch (_) {
      forget();
    }
    if (!told) {
      return;
    }
    if (!who()) {
      if (looks > 0) {
        window.setTimeout(restore, LOOK_MS, looks - 1);
      }
      return;
    }
    if (told.who !== who() || Date.now() - told.kept > KEPT_MS) {
      forget();
      return;
    }
    if (told.at !== here()) {
      return;
    }
    var missing = Object.keys(told.fields).filter(function (id) {
      return !component(id);
    });
    if (missing.length && looks > 0) {
      window.setTimeout(restore, LOOK_MS, looks - 1);
      return;
    }
    forget();
    putBack(told, missing);
  }

  function putBack(told, missing) {
    var isOther = false, back = Object.keys(told.fields).filter(function (id) {
      return missing.indexOf(id) < 0;
    });
    back.forEach(function (id) {
      var now = component(id).props.value;
      isOther = isOther || !same(now, told.fields[id].was);
      was[id] = now;
      typed[id] = true;
      window.dash_clientside.set_props(named(id), { value: told.fields[id].value });
    });
    window.setTimeout(show, LOOK_MS, back);
    var words = back.length ? ["Det du hade skrivit är tillbaka. Läs igenom och spara."] : [];
    if (isOther) {
      words.push("Något fält har ändrats av någon annan under tiden.");
    }
    if (missing.length) {
      words.push("Något fält finns inte längre på sidan.");
    }
    if (told.hasFile) {
      words.push("Filen följde inte med: välj den igen.");
    }
    say(words.join(" "));
  }

  /* A folded form that was written in is opened again. */
  function show(back) {
    back.forEach(function (id) {
      var field = document.getElementById(id), around = field && field.closest("details");
      if (around) {
        around.open = true;
      }
    });
  }

  /* What one could not do is told on a page of its own: it is about the page that one came from. What was searched for
     stays out of it. */
  function tellWhere(before) {
    if (component("feedback-about") && before && before !== here() && window.location.search === "") {
      var page = before.replace(/^(\/sok)\?.*/, "$1").slice(0, 200);
      window.dash_clientside.set_props("feedback-about", { data: { page: page } });
    }
  }

  /* The page has been drawn anew, at another address or after something was saved: nothing on it has been touched. */
  function anew() {
    was = {};
    typed = {};
    tellWhere(shownAt);
    shownAt = here();
    say("");
    restore(LOOKS);
    return window.dash_clientside.no_update;
  }

  /* A form that stays has answered that it is saved. A refusal says nothing of the kind: the text still needs its
     warning. Where the page is drawn anew, or left, `anew` forgets what was typed. */
  function sent(state) {
    (state || []).flat().forEach(function (one) {
      delete typed[typeof one.id === "string" ? one.id : JSON.stringify(one.id, Object.keys(one.id).sort())];
    });
  }

  function mayLeave() {
    return !isUnsaved() || window.confirm(ASKED);
  }

  /* Another month, place or role draws the page anew. */
  function leadsAway(field) {
    return Boolean(field) && (field.id.indexOf("choice-") === 0 || field.id === "persona");
  }

  function fieldOfOption(target) {
    var list = target.closest("[role=option]") && target.closest("[role=listbox]");
    return list && document.querySelector('input[aria-controls="' + list.id + '"]');
  }

  document.addEventListener("focusin", function (event) {
    var id = fieldOf(event.target);
    if (id && !(id in was)) {
      was[id] = component(id).props.value;
    }
  });
  document.addEventListener("input", function (event) {
    var id = fieldOf(event.target);
    if (id && event.target.matches("textarea, input:not([type=radio], [type=checkbox])")) {
      typed[id] = true;
    }
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]"), isOut = event.target.closest("#log-out");
    if (event.target.closest("[data-tool]:not([data-tool=save]), [data-picture], a[href^='/ladda-ned/'], a[download], a[target]")) {
      passedAt = Date.now();  // a file, which leaves the page where it is
      return;
    }
    var isAway = link && link.origin === window.location.origin && !link.hash &&
      link.pathname + link.search !== here() && !(event.ctrlKey || event.metaKey || event.shiftKey);
    isAway = isAway || event.target.closest("[data-tool=save]") || leadsAway(fieldOfOption(event.target));
    if ((isAway || isOut) && !mayLeave()) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (isOut) {
      isLeaving = true;
      forget();
    }
  }, true);
  document.addEventListener("keydown", function (event) {
    var isChosen = event.key === "Enter" && event.target.getAttribute("aria-activedescendant");
    if (isChosen && leadsAway(event.target) && !mayLeave()) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
  /* Back and forward: before Dash hears of it, which listens later. */
  window.addEventListener("popstate", function (event) {
    if (here() !== shownAt && !mayLeave()) {
      event.stopImmediatePropagation();
      window.history.pushState({}, "", shownAt);
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (!isLeaving && Date.now() - passedAt > 2000 && isUnsaved()) {
      event.preventDefault();
    }
  });

  window.samkollWritten = { keep: keep, sent: sent };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.samkoll = Object.assign({}, window.dash_clientside.samkoll, { anew: anew });
})();
