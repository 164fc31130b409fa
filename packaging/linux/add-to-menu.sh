#!/bin/sh
# Adds DemixME, where it lies now, to this person's menu; `add-to-menu.sh --remove` takes it out again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(cd "$here/../.." && pwd)/DemixME
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/demixme.desktop
type=$data/mime/packages/demixme.xml
icon=$data/icons/hicolor/scalable/apps/demixme.svg
if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$type" "$icon"
else
    mkdir -p "$(dirname "$entry")" "$(dirname "$type")" "$(dirname "$icon")"
    # within quotes a desktop entry wants ", `, $ and \ escaped, and % doubled
    quoted=$(printf '%s' "$program" | sed -e 's/[\\"`$]/\\\\&/g' -e 's/%/%%/g')
    awk -v exec="$(printf '%s' "$quoted" | sed 's/\\/\\\\/g')" \
        '/^Exec=/ { print "Exec=\"" exec "\" %F"; next } { print }' \
        "$here/applications/demixme.desktop" >"$entry"
    cp "$here/mime/packages/demixme.xml" "$type"
    cp "$here/icons/demixme.svg" "$icon"
fi
command -v update-desktop-database >/dev/null && update-desktop-database -q "$data/applications" || true
command -v update-mime-database >/dev/null && update-mime-database "$data/mime" || true
