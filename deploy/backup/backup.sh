#!/bin/sh
# Backs up the portal: the spool, the database, then pictures, anchors, and journal. Run it every hour as
# the portal's user, with the portal's environment and RESTIC_REPOSITORY and RESTIC_PASSWORD_FILE.
# For PostgreSQL, pgBackRest backs up the database itself; run it as PostgreSQL's user.
set -eu
: "${PORTAL_DATA_DIR:?}" "${RESTIC_REPOSITORY:?}" "${RESTIC_PASSWORD_FILE:?}"
umask 077
spool=${PORTAL_SPOOL:-$PORTAL_DATA_DIR/spool}
media=${PORTAL_MEDIA:-$PORTAL_DATA_DIR/media}
journal=${PORTAL_JOURNAL:-$PORTAL_DATA_DIR/journal}
anchors=${PORTAL_ANCHORS:-$PORTAL_DATA_DIR/anchors.jsonl}
python=${PORTAL_PYTHON:-.venv/bin/python}

# The spool comes first: a request that moves from there to the database must be in one of the two.
mkdir -p "$spool"
restic backup --quiet --tag spool "$spool"

case ${DATABASE_URL:-sqlite} in
  sqlite*)
    mkdir -p "$PORTAL_DATA_DIR/backup"
    "$python" manage.py backup_database "$PORTAL_DATA_DIR/backup/portal.sqlite3"
    restic backup --quiet --tag database "$PORTAL_DATA_DIR/backup/portal.sqlite3"
    ;;
esac

# Anchors and journal come last: they may know more than the database, but never less.
set --
for path in "$media" "$anchors" "$journal"; do
  if [ -e "$path" ]; then set -- "$@" "$path"; fi
done
# What editors have just uploaded for an import is theirs alone, and deleted within a day.
restic backup --quiet --tag files --exclude .imports "$@"
restic forget --quiet --keep-within "${PORTAL_JOURNAL_DAYS:-35}d" --prune

# The doctor, and an alert, look at the age of this file. On PostgreSQL, its own backup touches it.
case ${DATABASE_URL:-sqlite} in
  sqlite*) if [ -n "${PORTAL_BACKUP_MARK:-}" ]; then touch "$PORTAL_BACKUP_MARK"; fi ;;
esac
