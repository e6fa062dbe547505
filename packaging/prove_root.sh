#!/usr/bin/env bash
# Runs ./liandao in a fresh Debian that has python3 and pip and nothing else.
#
#   packaging/prove_root.sh SUITE FOLDER ARGUMENTS...
#   packaging/prove_root.sh trixie /tmp/roots/trixie test
#
# FOLDER is made with mmdebstrap when it is not there, and kept, so that a second call shows a
# second start. The checkout is copied in as git would hand it out, uncommitted files included.
# PROVE_OVERLAY may name a folder whose files are laid over the root: what this machine's own pip
# and apt need to reach their indexes. Needs root.
set -euo pipefail

suite=$1 root=$2
shift 2
checkout=$(cd "$(dirname "$0")/.." && pwd)

if [ ! -d "$root" ]; then
    mmdebstrap --quiet --variant=minbase --include=python3,python3-pip "$suite" "$root"
fi
if [ -n "${PROVE_OVERLAY:-}" ]; then
    cp -a "$PROVE_OVERLAY/." "$root/"
fi
cp -L /etc/resolv.conf "$root/etc/resolv.conf"

mkdir -p "$root/srv/liandao"
find "$root/srv/liandao" -mindepth 1 -maxdepth 1 ! -name .venv -exec rm -rf {} +
(cd "$checkout" && git ls-files --cached --others --exclude-standard -z | xargs -0 ls -d 2>/dev/null) |
    tar -C "$checkout" -cf - --files-from - | tar -C "$root/srv/liandao" -xf -

# A mount namespace of its own: whatever happens, nothing stays mounted on this machine.
unshare --mount --fork --pid --kill-child bash -s -- "$root" "$@" <<'INSIDE'
set -euo pipefail
root=$1
shift
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
cd /
exec chroot "$root" env -i HOME=/tmp/newcomer LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    bash -c 'mkdir -p "$HOME" && cd /srv/liandao && time ./liandao "$@"' liandao "$@"
INSIDE
