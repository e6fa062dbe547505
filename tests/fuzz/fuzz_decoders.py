"""Long fuzzing of every reader of foreign bytes, by atheris (libFuzzer with coverage).

    pip install atheris                                     # not a dependency of the project
    python tests/fuzz/fuzz_decoders.py --corpus /tmp/seeds  # writes what to begin with, and ends
    python tests/fuzz/fuzz_decoders.py /tmp/seeds -max_len=65536 -max_total_time=3600

A finding is left as crash-*; ``--replay FILE`` runs it alone, without atheris. Then it becomes
a test. `tests/fuzz/test_targets.py` runs the same `fuzz_one` in every test run.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main(arguments: list[str]) -> None:
    match arguments:
        case [_, "--corpus", folder]:
            from support.fuzz_seeds import write_corpus

            sys.stdout.write(f"{write_corpus(Path(folder))} inputs in {folder}\n")
        case [_, "--replay", file]:
            from support.fuzz_targets import fuzz_one

            fuzz_one(Path(file).read_bytes())
        case _:
            _fuzz(arguments)


def _fuzz(arguments: list[str]) -> None:
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["liandao_node"]):
        from support.fuzz_targets import fuzz_one

    atheris.Setup(arguments, fuzz_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
