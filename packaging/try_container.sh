#!/bin/sh
# Does by hand what an engine does with the Containerfile beside it, where there is none: each instruction in a folder that holds a Debian with Node,
# then the entry point as nobody's user, read-only, in namespaces of its own, and the questions that an operator would ask. As root, on Linux.
#
#   debootstrap --variant=minbase bookworm ROOTFS; cp Node and npm into ROOTFS/usr/local
#   packaging/try_container.sh ROOTFS CONTEXT      (CONTEXT: the packed packages, as docs/operating.md says)
set -eu
rootfs=$(realpath "$1")
context=$(realpath "$2")
containerfile=$(dirname "$(realpath "$0")")/Containerfile
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

: > "$work/env"
user=0:0
while IFS= read -r line; do
  rest=${line#* }
  case $line in
    '#'* | '') ;;
    'FROM '* | 'VOLUME '* | 'EXPOSE '* | 'STOPSIGNAL '*) echo "known    $line" ;;
    'ENV '*) for pair in $rest; do echo "$pair" >> "$work/env"; done; echo "env      $rest" ;;
    'COPY '*) to=${rest##* }; mkdir -p "$rootfs$to"; (cd "$context" && cp ${rest% *} "$rootfs$to"); echo "copied   $rest" ;;
    'RUN '*) env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin ${npm_config_registry:+npm_config_registry=$npm_config_registry} ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=$NODE_EXTRA_CA_CERTS} $(cat "$work/env") HOME=/root \
      chroot "$rootfs" /bin/sh -c "$rest" > "$work/run" 2>&1 || { cat "$work/run"; exit 1; }; echo "ran      $rest" ;;
    'USER '*) user=$rest; echo "user     $rest" ;;
    'ENTRYPOINT '* | 'CMD '*) echo "$rest" | tr -d '[]",' >> "$work/command"; echo "command  $rest" ;;
    'HEALTHCHECK '*) echo "${line#*CMD }" > "$work/health"; echo "health   as it is" ;;
    *) echo "unknown instruction: $line"; exit 1 ;;
  esac
done < "$containerfile"

mkdir -p "$rootfs/proc" "$rootfs/state" "$rootfs/evidence" "$work/state" "$work/evidence"
printf 'evidence' > "$work/evidence/a.bin"
chown "$user" "$work/state"
chmod 700 "$work/state"
cat > "$work/inside.sh" <<INSIDE
mount --bind "$rootfs" "$rootfs"
mount -t proc proc "$rootfs/proc"
mount --bind "$work/state" "$rootfs/state"
mount --bind "$work/evidence" "$rootfs/evidence"
mount -o remount,bind,ro "$rootfs/evidence"
mount -o remount,bind,ro "$rootfs"
exec env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin $(tr '\n' ' ' < "$work/env") \
  chroot "$rootfs" setpriv --reuid=${user%:*} --regid=${user#*:} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all $(tr '\n' ' ' < "$work/command")
INSIDE
unshare --mount --pid --fork --kill-child sh "$work/inside.sh" > "$work/output" 2>&1 &
inside=$!
for _ in $(seq 100); do grep -q token= "$work/output" && break; kill -0 $inside 2>/dev/null || { cat "$work/output"; exit 1; }; sleep 0.2; done
cat "$work/output"
token=$(cat "$work/state/token")
server=$(pgrep -P $inside)
ask() { curl -s -o "$work/body" -w '%{http_code}' "$@"; }
echo "healthz            $(ask http://127.0.0.1:7370/healthz)"
echo "without the token  $(ask http://127.0.0.1:7370/raw/evidence/a.bin)"
echo "with the token     $(ask -H "Authorization: Bearer $token" http://127.0.0.1:7370/raw/evidence/a.bin) $(cat "$work/body")"
echo "user, capabilities $(grep -E '^(Uid|CapBnd|CapEff|NoNewPrivs)' "/proc/$server/status" | tr '\n\t' '  ')"
echo "token's mode       $(stat -c '%a %u' "$work/state/token")"
node_health=$(sed 's/^\["node", "-e", "//; s/"\]$//' "$work/health")
chroot "$rootfs" node -e "$node_health" && echo "health check       0"
kill -TERM "$server"
wait $inside && echo "after SIGTERM      0"
