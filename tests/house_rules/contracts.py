"""A kind of import rule that import-linter does not bring: nothing but the standard library."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """The modules named may import the standard library, each other, what is named besides, and nothing else."""

    type_name = "standard_library"

    modules = fields.ListField(subfield=fields.ModuleField())
    besides = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        named = {module.name for module in self.modules}  # type: ignore[attr-defined]
        besides: set[str] = set(self.besides or ())  # type: ignore[arg-type]
        foreign = sorted(
            f"{module} imports {imported}"
            for module in named
            for imported in graph.find_modules_directly_imported_by(module)
            if imported not in named | besides and imported.partition(".")[0] not in sys.stdlib_module_names
        )
        return ContractCheck(kept=not foreign, metadata={"foreign": foreign})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["foreign"]:
            output.print_error(line, bold=False)
