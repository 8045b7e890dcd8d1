# Spark Connect with Delta Lake, the service `spark` of deploy/compose.yaml.
ARG SPARK_IMAGE=apache/spark:4.2.0-scala2.13-java17-ubuntu

# what `--packages io.delta:delta-spark_4.2_2.13:4.4.0` would fetch at each start; all else they need is in Spark
FROM ${SPARK_IMAGE} AS delta
# unless set, where Ivy looks by itself: Maven Central
ARG MAVEN_REPOSITORY
USER root
WORKDIR /delta
COPY <<END settings.xml
<ivysettings>
  <settings defaultResolver="maven"/>
  <resolvers><ibiblio name="maven" m2compatible="true" ${MAVEN_REPOSITORY:+root="$MAVEN_REPOSITORY"}/></resolvers>
</ivysettings>
END
COPY <<'END' modules.xml
<ivy-module version="2.0">
  <info organisation="movielake" module="delta"/>
  <dependencies defaultconf="default">
    <dependency org="io.delta" name="delta-spark_4.2_2.13" rev="4.4.0" transitive="false"/>
    <dependency org="io.delta" name="delta-storage" rev="4.4.0" transitive="false"/>
    <dependency org="io.delta" name="delta-kernel-api" rev="4.4.0" transitive="false"/>
    <dependency org="io.delta" name="delta-kernel-defaults" rev="4.4.0" transitive="false"/>
    <dependency org="io.delta" name="delta-kernel-unitycatalog" rev="4.4.0" transitive="false"/>
    <dependency org="io.unitycatalog" name="unitycatalog-client" rev="0.6.0" transitive="false"/>
    <dependency org="io.unitycatalog" name="unitycatalog-hadoop" rev="0.6.0" transitive="false"/>
  </dependencies>
</ivy-module>
END
COPY <<'END' checksums
27d4fd8b1f879535c573ed1c718177d6a27f24d3e626ba02e216369725721ead  jars/delta-spark_4.2_2.13-4.4.0.jar
c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc  jars/delta-storage-4.4.0.jar
ee9b5a14ac3b7efdff4d61a58478fe8eb0e5a3fbca43889dca7290795fe79a11  jars/delta-kernel-api-4.4.0.jar
225c975199e4718b38ee5b7e6da7f19e9585024262b2cec2656b32151a856b0b  jars/delta-kernel-defaults-4.4.0.jar
cea22dfb4ac562b3cd27bf652697750e8336009d73fb06631363aaaad5345ffa  jars/delta-kernel-unitycatalog-4.4.0.jar
48257499a86b801a3e2372cec55ac226ca1c1c7eabe5c118e7302f29a1fdbc19  jars/unitycatalog-client-0.6.0.jar
c47b63c961c87102b9e1d63809a0915ba4c86b7652f57c8d39ca3a05b441a150  jars/unitycatalog-hadoop-0.6.0.jar
END
RUN java -cp '/opt/spark/jars/*' org.apache.ivy.Main -warn -settings settings.xml -ivy modules.xml \
    -retrieve 'jars/[artifact]-[revision].[ext]' \
  && sha256sum --check --strict checksums \
  && chmod 644 jars/*

FROM ${SPARK_IMAGE}
USER root
COPY --from=delta /delta/jars/ /opt/spark/jars/
COPY --chmod=644 <<'END' /opt/spark/conf/spark-defaults.conf
spark.master                     local[*]
spark.sql.extensions             io.delta.sql.DeltaSparkSessionExtension
spark.sql.catalog.spark_catalog  org.apache.spark.sql.delta.catalog.DeltaCatalog

# tables are small here: with the defaults most of the time goes into starting tasks
spark.sql.shuffle.partitions                              4
spark.databricks.delta.snapshotPartitions                 2
spark.sql.sources.parallelPartitionDiscovery.parallelism  4

# 15002 is the only port that others reach
spark.driver.host         127.0.0.1
spark.driver.bindAddress  127.0.0.1
spark.ui.enabled          false
spark.log.level           WARN

# the root is read-only, and native libraries cannot be loaded from where Compose mounts /tmp
spark.local.dir                /spark/tmp
spark.sql.warehouse.dir        /spark/tmp/warehouse
spark.driver.extraJavaOptions  -Djava.io.tmpdir=/spark/tmp
END
COPY --chmod=755 <<'END' /opt/spark/serve
#!/bin/bash
set -eu
# a server that was killed has left its own
find /spark -mindepth 1 -maxdepth 1 ! -name token -exec rm -rf {} +
mkdir /spark/tmp
# kept, so that who works while the server is started again is not refused
[ -s /spark/token ] || (umask 077 && od -An -tx1 -N16 /dev/urandom | tr -d ' \n' >/spark/token)
export SPARK_CONNECT_AUTHENTICATE_TOKEN=$(cat /spark/token)
exec /opt/spark/bin/spark-submit --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal
END
# the user of the other services, so that each can change what another has written; Java wants it to have a name
RUN (getent passwd 1000 || useradd --uid 1000 --user-group --no-create-home movielake) \
  && install -d -o 1000 -g 1000 /lake /spark
USER 1000:1000
WORKDIR /spark
EXPOSE 15002
ENTRYPOINT ["/opt/spark/serve"]
