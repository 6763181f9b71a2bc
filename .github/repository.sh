#!/bin/sh
# Stop where _config.yml names another repository or branch than the one that
# publishes: every Colab link would lead there.
set -eu
here="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
if ! grep -qxF "  url: $here" _config.yml || ! grep -qxF "  branch: $BRANCH" _config.yml; then
  echo "::error file=_config.yml::repository is not $here with branch $BRANCH. To mend it, run:" \
    "sed -i 's|^  url: .*|  url: $here|; s|^  branch: .*|  branch: $BRANCH|' _config.yml" \
    "&& make notebooks"
  exit 1
fi
