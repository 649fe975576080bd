"""``python -m configcat_management``: see :mod:`configcat_management._cli`."""

import sys

from ._cli import main

if __name__ == "__main__":
    sys.exit(main())
