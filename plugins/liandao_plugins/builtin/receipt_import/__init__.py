"""Plugin: purchases from any till's or shop's CSV export, described by a mapping file."""

from typing import Final

from liandao_plugins.api import (
    API_VERSION,
    ExtensionPoint,
    Manifest,
    Option,
    OptionKind,
    Options,
    Permission,
    ReceiptSource,
)
from liandao_plugins.builtin.receipt_import.mapping import load_mapping
from liandao_plugins.builtin.receipt_import.source import ReceiptFiles
from liandao_plugins.builtin.text_files import find_files


class ReceiptImport:
    """Reads CSV files, plain or .gz, one or a directory of them in order of their names."""

    manifest: Final = Manifest(
        identifier="receipt_import",
        name="Receipt import",
        version="1.0",
        api_version=API_VERSION,
        offers=(ExtensionPoint.RECEIPT_SOURCE,),
        permissions=frozenset({Permission.FILES_READ}),
        options=(
            Option("receipts", OptionKind.PATH, "CSV file, .csv.gz, or a directory of them"),
            Option("mapping", OptionKind.PATH, "TOML file that says what the columns are"),
            Option("pattern", OptionKind.TEXT, "which files of a directory", default="*"),
        ),
    )

    def receipt_source(self, options: Options) -> ReceiptSource:
        """Raises OperatorFault ``FILE_*`` and ``MAPPING_*``."""
        mapping = load_mapping(options.path("mapping"))
        files = find_files(options.path("receipts"), options.text("pattern"))
        return ReceiptFiles(files, mapping)


plugin: Final = ReceiptImport()
