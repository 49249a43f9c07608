"""Failed notebooks are kept without what must not leave, whatever they had attached."""

from __future__ import annotations

import base64
import io
import zipfile

from nbformat.v4 import new_code_cell, new_notebook, new_output

from aidlib.commands.press import PRESS
from aidlib.disclosure import findings
from aidlib.fleet import execute


def _attached() -> str:
    """A link with a workbook inside whose base64 holds what looks like folders of this machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        pack.writestr("a.bin", base64.b64decode("AAAA/usr/local/lib/abcdAAAA" + "A"))
    return f'<a href="data:application/zip;base64,{base64.b64encode(packed.getvalue()).decode()}">附件</a>'


def test_a_failed_notebook_loses_its_attachments_and_keeps_its_reason() -> None:
    """What was attached to a report that must not be used goes; the banner, and what can be read, stays."""
    output = new_output("display_data", {"text/html": f"<p>低保</p>{_attached()}"})
    failed = execute.banner(new_notebook(cells=[new_code_cell("x", outputs=[output])]), "t", "the kernel died", PRESS)
    assert findings(dict(failed)) == []
    assert "the kernel died" in failed.cells[0].source
    assert failed.cells[1].outputs[0].data["text/html"] == '<p>低保</p><a href="">附件</a>'
