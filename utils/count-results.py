#!/usr/bin/env python3
"""Add up the test results in a folder of xUnit files (lit's and pytest's) and print "N passed, N failed".

Exits 1 if anything failed or nothing ran. Skipped tests are listed with their
reasons, so that a run without the peers' files says what it did not look at.
"""

import argparse
import collections
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--failed-steps", type=int, default=0, help="failures that left no result file")
    arguments = parser.parse_args()

    passed = 0
    failed = arguments.failed_steps
    skipped = collections.Counter()
    for path in sorted(arguments.folder.glob("*.xml")):
        counts = collections.Counter()
        for case in ElementTree.parse(path).iter("testcase"):
            reason = case.find("skipped")
            if reason is not None:
                counts["skipped"] += 1
                skipped[reason.get("message") or "no reason given"] += 1
            elif case.find("failure") is not None or case.find("error") is not None:
                counts["failed"] += 1
            else:
                counts["passed"] += 1
        passed += counts["passed"]
        failed += counts["failed"]
        print(f"{path.stem}: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    for reason, count in sorted(skipped.items()):
        print(f"  skipped {count}: {reason}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
