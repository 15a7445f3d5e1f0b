"""Says what runs, and ends it: ``python -m workbook.stack status`` and ``python -m workbook.stack stop``."""

import sys

from workbook.stack.handle import main

sys.exit(main(sys.argv[1:]))
