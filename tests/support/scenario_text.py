"""The format of tests/scenarios: commands, dashes, outputs (in the manner of datadriven)."""

from support.street_table import Table

DASHES = "----"


def play(text: str) -> str:
    """The scenario with the outputs that its commands have now."""
    table = Table()
    lines = iter(text.splitlines())
    out: list[str] = []
    for line in lines:
        if not line or line.startswith("#"):
            out.append(line)
            continue
        assert next(lines, "") == DASHES, f"no dashes after {line!r}"
        for recorded in lines:
            if not recorded:
                break
        out += [line, DASHES, *table.run(line), ""]
    while out and not out[-1]:
        out.pop()
    return "\n".join(out) + "\n"
