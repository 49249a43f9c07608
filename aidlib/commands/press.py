"""What the fleet makes pages with: the one place where it meets the page, the guard of personal data, and the index."""

from aidlib.disclosure import guard, redact
from aidlib.fleet.execute import Press
from aidlib.page import document, pdf, site

PRESS = Press(document.whole, guard, redact, pdf.pdf, site.html, "aidlib.commands.kernel")
