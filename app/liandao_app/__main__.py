"""``python -m liandao_app``."""

import sys

from liandao_app.main import main

sys.exit(main())
