"""`python -m lianshang` is the command `lianshang`."""

import sys

from lianshang.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
