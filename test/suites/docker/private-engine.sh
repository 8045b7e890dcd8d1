#!/usr/bin/env bash
# private-engine.sh ENGINE STATE COMMAND…: runs COMMAND with a Docker Engine of its own, from the folder ENGINE that fetch-engine.sh has made.
# The engine has its own namespaces: its bridges, firewall rules and published ports are seen by COMMAND alone, and none of its
# processes outlives this script, however it ends. Images and build cache stay in the folder STATE for the next time.
# Ends as COMMAND does; with 69 where no engine can run, with 75 when another one uses STATE.
set -euo pipefail

unavailable() {
  echo "$*" >&2
  exit 69
}

# in the new namespaces: waits for the network, starts the engine, runs the command
inside() {
  : <"$state/run/network-is-up"
  ip link set lo up
  mount -t tmpfs tmpfs /run
  echo 'nameserver 10.0.2.3' >/run/resolv.conf
  mount --bind /run/resolv.conf "$(readlink -f /etc/resolv.conf)"
  export DOCKER_HOST="unix://$state/run/docker.sock" DOCKER_CONFIG="$engine/config"
  TMPDIR="$state/tmp" dockerd --host "$DOCKER_HOST" --group root --data-root "$state/data" --exec-root "$state/run/exec" \
    --pidfile "$state/run/docker.pid" --init-path "$engine/bin/docker-init" \
    --userland-proxy-path "$engine/bin/docker-proxy" --cgroup-parent "/$cgroup" >"$state/dockerd.log" 2>&1 &
  local dockerd=$! code=0
  for _ in {1..150}; do
    docker info >/dev/null 2>&1 && break
    kill -0 "$dockerd" 2>/dev/null || unavailable "dockerd ended at once: $(tail -n 1 "$state/dockerd.log")"
    sleep 0.2
  done
  "$@" || code=$?
  kill "$dockerd"
  wait "$dockerd" || true
  exit "$code"
}

engine=$(realpath "$1") state=$(realpath -m "$2")
shift 2
export PATH="$engine/bin:$PATH:/usr/sbin:/sbin"
if [ "${1:-}" = --inside ]; then
  cgroup=$2
  shift 2
  inside "$@"
fi

[ "$(id -u)" = 0 ] || unavailable 'a private Docker Engine needs root'
[ -c /dev/net/tun ] || unavailable 'a private Docker Engine needs /dev/net/tun'
grep -qw overlay /proc/filesystems || unavailable 'a private Docker Engine needs the overlay file system'
unshare --mount --net --pid --fork true 2>/dev/null || unavailable 'a private Docker Engine needs namespaces'

cgroup=movielake-docker-$$
mkdir -p "$state"
exec 9>"$state/lock"
flock -n 9 || {
  echo "$state is in use" >&2
  exit 75
}
rm -rf "$state/run"
mkdir -p "$state"/{run/exec,data,tmp}
mkfifo "$state/run/network-is-up"

# groups of processes that are gone: of this run, or of one that was killed
remove_cgroups() {
  local group
  for group in /sys/fs/cgroup/"$1" /sys/fs/cgroup/*/"$1"; do
    if [ -d "$group" ] && { [ "$1" = "$cgroup" ] || [ ! -e "/proc/${group##*-}" ]; }; then
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
    fi
  done
}
shopt -s nullglob
for group in /sys/fs/cgroup/movielake-docker-* /sys/fs/cgroup/*/movielake-docker-*; do remove_cgroups "${group##*/}"; done

engine_pid='' network_pid=''
clean_up() {
  local code=$?
  trap - EXIT
  [ -z "$engine_pid" ] || kill -KILL "$engine_pid" 2>/dev/null || true
  [ -z "$network_pid" ] || kill "$network_pid" 2>/dev/null || true
  wait 2>/dev/null || true
  remove_cgroups "$cgroup"
  rm -rf "$state/run"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

setpriv --pdeathsig KILL \
  unshare --mount --propagation private --net --ipc --uts --pid --fork --kill-child --mount-proc \
  bash "$0" "$engine" "$state" --inside "$cgroup" "$@" 9>&- &
engine_pid=$!

first_process_inside() {
  local child
  child=$(tr -d ' ' <"/proc/$engine_pid/task/$engine_pid/children" 2>/dev/null) && [ -n "$child" ] &&
    [ "$(readlink "/proc/$child/ns/net")" != "$(readlink /proc/self/ns/net)" ] && echo "$child"
}
for _ in {1..100}; do
  inside_pid=$(first_process_inside) && break
  sleep 0.05
done
[ -n "${inside_pid:-}" ] || unavailable 'the namespaces did not come up'
setpriv --pdeathsig KILL \
  slirp4netns --configure --mtu=65520 --disable-host-loopback --ready-fd=7 "$inside_pid" tap0 \
  7>"$state/run/ready" >"$state/network.log" 2>&1 9>&- &
network_pid=$!
for _ in {1..100}; do
  [ -s "$state/run/ready" ] && break
  sleep 0.05
done
[ -s "$state/run/ready" ] || unavailable "the network did not come up: $(tail -n 1 "$state/network.log")"
# opening it is enough: who waits for it may be gone by now
: >"$state/run/network-is-up"

code=0
wait "$engine_pid" || code=$?
engine_pid=''
exit "$code"
