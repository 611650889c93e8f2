"""`python -m firebreak`."""

import sys

from firebreak.cli.main import main

sys.exit(main())
