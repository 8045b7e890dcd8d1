#!/usr/bin/env bash
# spark-stand-in-image.sh IMAGE BASE SPARK DELTA: makes IMAGE, a stand-in for apache/spark, from a Debian image and the folder of Spark that pip has unpacked.
# It has the official one's shape: Java 17, Spark in /opt/spark, the user spark (185) and nobody with the id 1000.
# The jars of Delta, from the folder DELTA, lie in it as a Maven repository: /opt/maven.
set -euo pipefail
image=$1 base=$2 spark=$3 delta=$4
repository=$(mktemp -d)
trap 'rm -rf "$repository"' EXIT
for jar in "$delta"/*.jar; do
  name=$(basename "$jar" .jar)
  module=${name%-*} version=${name##*-}
  group=io/delta
  [[ $module != unitycatalog-* ]] || group=io/unitycatalog
  mkdir -p "$repository/maven/$group/$module/$version"
  cp "$jar" "$repository/maven/$group/$module/$version/"
done
docker build --quiet --tag "$image-java" - >/dev/null <<END
FROM $base
# a package of Java wants a folder for its pages, which slim images lack
RUN mkdir -p /usr/share/man/man1 \\
  && apt-get update -qq \\
  && apt-get install -qq --no-install-recommends openjdk-17-jre-headless >/dev/null \\
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb \\
  && userdel --remove node \\
  && groupadd --system --gid 185 spark \\
  && useradd --system --uid 185 --gid spark --home-dir /nonexistent spark \\
  && mkdir -p /opt/spark/work-dir
ENV SPARK_HOME=/opt/spark
WORKDIR /opt/spark/work-dir
USER spark
END
# copied into a container and not by a build, whose context would be kept as well
container=$(docker create "$image-java")
for folder in bin jars; do docker cp --quiet "$spark/$folder" "$container:/opt/spark/"; done
docker cp --quiet "$repository/maven" "$container:/opt/"
docker commit "$container" "$image" >/dev/null
docker rm "$container" >/dev/null
docker image rm "$image-java" >/dev/null
