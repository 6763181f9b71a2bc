#!/bin/sh
# Stop where _config.yml names another repository than the one that publishes:
# every Colab link would lead there.
set -eu
here="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
if ! grep -qxF "  url: $here" _config.yml; then
  echo "::error file=_config.yml::repository.url is not $here. To mend it, run:" \
    "sed -i 's|^  url: .*|  url: $here|' _config.yml && make notebooks"
  exit 1
fi
