"""Shows what a document would change, applies it, and takes it back.

    python apply_document.py flags.yaml                           # only shows the plan
    python apply_document.py flags.yaml --apply report.json       # applies it, and keeps the report
    python apply_document.py --undo report.json --apply undo.json

The exit status is 0 if there is nothing to do or everything was done, 1 if something failed, and 2 if there are changes.
"""

import argparse
import sys

from configcat_management import Client
from configcat_management.changes import Document, Progress, Report


def show(progress: Progress) -> None:
    """Shows the progress in a terminal."""
    print(f"\r{progress.completed} of {progress.total} steps", end="", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("document", nargs="?", help="YAML or JSON file with the desired state")
    source.add_argument("--undo", metavar="REPORT", help="take back what this report says was done")
    parser.add_argument("--apply", metavar="REPORT", help="apply the plan, and write the report to this file")
    parser.add_argument("--prune", action="append", default=[], metavar="SECTION", help="delete what is not in the document")
    parser.add_argument("--reason")
    options = parser.parse_args()

    document = Report.load(options.undo).undo() if options.undo else Document.load(options.document)
    with Client() as client:
        plan = client.plan(document, prune=options.prune, reason=options.reason)
        print(plan, end="")
        if plan.is_empty:
            return 0
        if not options.apply:
            return 2
        report = client.apply(plan, on_progress=show if sys.stderr.isatty() else None)
        report.save(options.apply)
    print(report, end="")
    return 0 if report.is_complete else 1


if __name__ == "__main__":
    sys.exit(main())
