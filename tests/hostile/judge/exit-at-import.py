"""Leave with exit status 0 while the file is imported."""
# must: double failed
# says: cannot be imported: SystemExit
# spares: the grades

import sys

sys.exit(0)
