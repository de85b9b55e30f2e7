"""Run the Node.js of this checkout, as set-up chose it: `python -m scripts.node file.js ...`."""

import subprocess
import sys

from scripts.set_up import find_node

if __name__ == "__main__":
    node = find_node()
    if node is None:
        raise SystemExit("Node.js is needed: run make setup.")
    raise SystemExit(subprocess.call([node, *sys.argv[1:]]))
