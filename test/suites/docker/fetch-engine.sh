#!/usr/bin/env bash
# fetch-engine.sh FOLDER: puts Docker Engine, Compose and what they need into FOLDER, from Debian's packages. Installs nothing.
# Ends with 69 where that cannot be done.
set -euo pipefail
unavailable() {
  echo "$*" >&2
  exit 69
}
# shellcheck source=/dev/null
codename=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}") || true
[ "$codename" = bookworm ] || unavailable 'no Docker Engine answers, and one can be unpacked on Debian 12 only'
folder=$(realpath -m "$1")
[ -x "$folder/bin/dockerd" ] && exit 0
mirror=$("$(dirname "$0")/debian-mirror.sh") || unavailable 'apt has no source of Debian'

rm -rf "$folder"
apt="$folder/apt"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$folder"/{packages,root,bin,config/cli-plugins}
signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
printf "deb $signed %s %s main\n" "$mirror" bookworm "$mirror" trixie >"$apt/sources.list"
cat >"$apt/apt.conf" <<END
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$apt";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
END
export APT_CONFIG="$apt/apt.conf"
apt-get update -qq || unavailable 'apt cannot read the lists of Debian'
# what links against the C library comes from this machine's release, the engine and Compose 2 from the next
new=(docker.io docker-cli docker-compose docker-buildx containerd)
here=(runc tini slirp4netns libslirp0 mmdebstrap iptables libxtables12 libip4tc2 libip6tc2 libnftnl11 libmnl0
  libnetfilter-conntrack3 libnfnetlink0 libglib2.0-0)
(cd "$folder/packages" && apt-get download -qq "${new[@]/%//trixie}" "${here[@]/%//bookworm}") ||
  unavailable 'apt cannot download Docker Engine'
for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder/root"; done

root="$folder/root" libraries="$folder/root/usr/lib/$(uname -m)-linux-gnu"
for plugin in docker-compose docker-buildx; do
  ln -s "$root/usr/libexec/docker/cli-plugins/$plugin" "$folder/config/cli-plugins/"
done
for program in sbin/docker-proxy sbin/runc bin/docker bin/containerd bin/containerd-shim-runc-v2 bin/mmdebstrap bin/mmtarfilter; do
  ln -s "$root/usr/$program" "$folder/bin/"
done
ln -s "$root/usr/bin/tini-static" "$folder/bin/docker-init"
for name in iptables ip6tables iptables-save iptables-restore ip6tables-save ip6tables-restore; do
  ln -sf xtables-nft-multi "$root/usr/sbin/$name"
done
# these look for their libraries where a package would have put them
for program in bin/slirp4netns sbin/{iptables,ip6tables}{,-save,-restore}; do
  name=${program##*/}
  printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" XTABLES_LIBDIR="%s/xtables" exec "%s" "$@"\n' \
    "$libraries" "$libraries" "$root/usr/$program" >"$folder/bin/$name"
  chmod +x "$folder/bin/$name"
done
rm -rf "$folder/packages" "$apt"
# last: it is the mark of a folder that is whole
ln -s "$root/usr/sbin/dockerd" "$folder/bin/"
