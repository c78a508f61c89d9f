"""What is looked at on every page of a real browser (WCAG 2.2 AA): axe, a phone, 200 %, paper, and the keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
SCREENS = {360: "a phone", 640: "200 % of 1280"}
"""Widths in pixels."""
PAPER = 718
"""The width of A4 within margins of 1 cm, in pixels."""

VISIBLE = """
  const seen = (e) => e.checkVisibility({visibilityProperty: true});
  const words = (e) => e.outerHTML.replaceAll(/\\s+/g, " ").slice(0, 160);
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const wider = (e) => e.scrollWidth > e.clientWidth + 1;
"""
UNFOLD = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
TOO_WIDE = f"""(width) => {{ {VISIBLE}
  const scrolls = (e) => wider(e) && /auto|scroll/.test(getComputedStyle(e).overflowX);
  const shut = all("body *").filter((e) => scrolls(e) && e.tabIndex < 0 && e.tagName !== "TEXTAREA");
  const beyond = (e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".offsite-scroll");
  const wide = ["too wide", ...all("body *").filter(beyond).slice(-2).map(words)];
  const found = shut.map((e) => `the keyboard cannot scroll ${{words(e)}}`);
  return [...(document.documentElement.scrollWidth > width ? wide : []), ...found];
}}"""
OUT_OF_SIGHT = f"""() => {{ {VISIBLE}
  return all(".offsite-scroll tbody tr:first-child :is(a, button)").filter((e) => {{
    e.focus();
    const box = e.getClientRects()[0];
    const at = [box.left + 2, box.left + box.width / 2, box.right - 2];
    return !at.some((x) => e.contains(document.elementFromPoint(x, box.top + box.height / 2)));
  }}).map(words);
}}"""
ON_PAPER = f"""(width) => {{ {VISIBLE}
  const navigation = all("nav[aria-label=Pages], .govuk-skip-link, .govuk-back-link, .offsite-filters");
  const addressed = all("a").filter((e) => getComputedStyle(e, "::after").content.includes("("));
  return [
    ...navigation.map((e) => `is printed: ${{words(e)}}`),
    ...addressed.map((e) => `prints its address: ${{words(e)}}`),
    ...(all("main").length ? [] : ["main is not printed"]),
    ...(document.documentElement.scrollWidth > width ? ["too wide"] : []),
    ...all(".offsite-scroll").filter(wider).map((e) => `is cut off: ${{e.ariaLabel}}`),
  ];
}}"""
LISTEN = """() => {
  window.reached = new Set([document.activeElement]);
  document.addEventListener("focusin", (event) => window.reached.add(event.target));
}"""
NOT_REACHED = f"""() => {{ {VISIBLE}
  const chosen = [...window.reached].filter((e) => e.type === "radio").map((e) => e.name);
  return all("a[href], button, input, select, textarea, summary, [onclick], [role=button]")
    .filter((e) => !e.disabled && !window.reached.has(e) && !(e.type === "radio" && chosen.includes(e.name))).map(words);
}}"""


class Walker:
    """Looks at one page after another, and remembers what is wrong with each."""

    def __init__(self, tab):
        self.tab, self.found = tab, []
        self._as_on_a_desk()

    def opens(self, address, status=200, whose="", keyboard=True):
        """Load a page and look at it."""
        answer = self.tab.goto(address)
        if answer.status != status:
            self.found.append(f"{address} {whose} was answered with {answer.status}")
        self.looks(f"{address} {whose}".strip(), keyboard)

    def looks(self, name, keyboard=True):
        """Look at the page that is loaded."""
        self.tab.evaluate(UNFOLD)
        found = [f"{each['id']}: {node['html'][:160]}" for each in self._axe() for node in each["nodes"][:2]]
        found += self._not_reached() if keyboard else []
        for width, what in SCREENS.items():
            self.tab.set_viewport_size({"width": width, "height": 900})
            found += [f"on {what}: {each}" for each in self.tab.evaluate(TOO_WIDE, width)]
            found += [f"on {what}, focused out of sight: {each}" for each in self.tab.evaluate(OUT_OF_SIGHT)]
        self.tab.set_viewport_size({"width": PAPER, "height": 900})
        self.tab.emulate_media(media="print")
        found += [f"on paper: {each}" for each in self.tab.evaluate(ON_PAPER, PAPER)]
        self.found += [f"{name}: {each}" for each in found]
        self._as_on_a_desk()

    def _as_on_a_desk(self):
        self.tab.emulate_media(media="screen")
        self.tab.set_viewport_size({"width": 1280, "height": 900})

    def _axe(self):
        return Axe().run(self.tab, options=AXE).response["violations"]

    def _not_reached(self):
        self.tab.evaluate(LISTEN)
        left = self.tab.evaluate(NOT_REACHED)
        for _ in range(2):  # a page that puts the focus on what is wrong begins there: round once more
            for _ in range(len(left) + 3):
                self.tab.keyboard.press("Tab")
            left = self.tab.evaluate(NOT_REACHED)
            if not left:
                break
        return [f"Tab does not reach {each}" for each in left]


@pytest.fixture(scope="session")
def walker_class():
    """For a walker whose findings are what is looked for."""
    return Walker


@pytest.fixture
def walking():
    """Makes a walker of a tab; at the end of the test it is said what was wrong with the pages."""
    made = []

    def of(tab):
        made.append(Walker(tab))
        return made[-1]

    yield of
    found = [each for walker in made for each in walker.found]
    assert not found, "\n".join(["", *found])
