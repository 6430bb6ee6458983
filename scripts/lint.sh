#!/bin/bash
# Every linter of the project, all of them even when one complains; with --fix what can be put right is.
# The same commands stand in .pre-commit-config.yaml. One of them alone: scripts/lint.sh --only ruff
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd "$REPO"
fix=0 only=
while [ $# -gt 0 ]; do
  case $1 in
    --fix) fix=1;;
    --only) only=$2; shift;;
    *) break;;   # file names from pre-commit: each linter looks at all of its files anyway
  esac
  shift
done
bin=$CACHE/venv-bridge/bin
failed=()
mapfile -t addons < <(for m in addons/*/__manifest__.py; do dirname "$m"; done)
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)

check() {
  local name=$1; shift
  [ -z "$only" ] || [ "$only" = "$name" ] || return 0
  local begun=$SECONDS out
  if out=$("$@" 2>&1); then printf '  %-14s ok   (%s s)\n' "$name" $((SECONDS - begun))
  else failed+=("$name"); printf '%s\n  %-14s FAILED (%s s)\n' "$out" "$name" $((SECONDS - begun)); fi
}

ruff_all() {
  if [ $fix = 1 ]; then "$bin/ruff" check -q --fix . ; "$bin/ruff" format -q .; fi
  "$bin/ruff" check -q . && "$bin/ruff" format -q --check .
}
# each bridge's own settings are in its pyproject; the scripts are typed too
mypy_all() {
  local one
  for one in addons/*/bridge tests/addons/*/bridge; do ( cd "$one" && "$bin/mypy" --cache-dir "$CACHE/mypy-bridge" ) || return 1; done
  "$bin/mypy" --cache-dir "$CACHE/mypy" scripts/cc_stack
}
# only the rules that know Odoo; README.rst is not ours (README.md), and big models are split over files on purpose
pylint_odoo() {
  "$bin/pylint" --score=n --disable=all --enable=odoolint \
    --disable=missing-readme,consider-merging-classes-inherited "${addons[@]}"
}
# names of the checks that do not fit: README.rst (ours is .md), website links of data
oca_hooks() {
  "$bin/oca-checks-odoo-module" --disable=missing-readme "${addons[@]}" || return 1
  local po; mapfile -t po < <(git ls-files 'addons/*/i18n/*.po' 'addons/*/i18n/*.pot')
  [ ${#po[@]} = 0 ] || "$bin/oca-checks-po" "${po[@]}"
}
eslint_all() {
  local args=(--no-error-on-unmatched-pattern --max-warnings=0); [ $fix = 1 ] && args+=(--fix)
  node_modules/.bin/eslint "${args[@]}" 'addons/**/*.js' '*.mjs'
}
prettier_all() {
  local mode=--check; [ $fix = 1 ] && mode=--write
  node_modules/.bin/prettier --log-level=warn $mode 'addons/**/*.{js,xml}' '*.mjs'
}
# each bench names its Python in its head; that it starts is all that is looked at here
benches() {
  local f venv
  for f in bench/*.py; do
    venv=venv-bridge; grep -q '\.cache/venv/bin/python bench/' "$f" && venv=venv
    "$CACHE/$venv/bin/python" "$f" --help || { echo "$f"; return 1; }
  done
}
shell_all() { local f; for f in "${scripts[@]}"; do bash -n "$f" || return 1; done; }
# nothing of this machine and nobody's registry belongs in the repository
no_hosts() {
  ! git grep -nIE '"resolved": *"http|registry\.npmjs|pypi\.org/simple|deb\.debian\.org' -- . ':!scripts/lint.sh'
}

check ruff ruff_all
check mypy mypy_all
check pylint-odoo pylint_odoo
check oca-hooks oca_hooks
check eslint eslint_all
check prettier prettier_all
check shell shell_all
check benches benches
check translations "$bin/python" scripts/check_po.py
check js-fixtures python3 scripts/js_fixtures.py --check
check example python3 scripts/docs_example.py --check
check modules "$bin/python" scripts/draw_modules.py --check
check hosts no_hosts
[ ${#failed[@]} = 0 ] || { echo "lint: ${failed[*]}" >&2; exit 1; }
