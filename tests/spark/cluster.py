"""A Spark cluster on loopback: a master, two workers and a Thrift server, each in its own JVM."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPARK_VENV = ROOT / ".venv" / "spark"
STARTS_WITHIN_SECONDS = 180

# For many small statements on few cores: no query compilation, no parallel garbage collection.
SMALL_JVM = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss4m"
SETTINGS = {
    "spark.cores.max": "2",
    "spark.executor.cores": "1",
    "spark.executor.memory": "768m",
    "spark.executor.extraJavaOptions": SMALL_JVM,
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",
    "spark.ui.enabled": "false",
}

LOGGING = """
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d %p %c{1}: %m%n
"""


class Cluster:
    """A context manager for the cluster's processes, with their files in one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.processes: dict[str, subprocess.Popen] = {}
        self.thrift_port = free_port()

    def __enter__(self):
        self.folder.mkdir(parents=True)
        (self.folder / "log4j2.properties").write_text(LOGGING)
        port = free_port()
        master = f"spark://127.0.0.1:{port}"
        try:
            self.start(
                "master",
                *("spark-class", "org.apache.spark.deploy.master.Master"),
                *("--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())),
            )
            self.wait_for_port("master", port)
            for name in ("worker-1", "worker-2"):
                self.start(
                    name,
                    *("spark-class", "org.apache.spark.deploy.worker.Worker", master),
                    *("--host", "127.0.0.1", "--webui-port", str(free_port())),
                    *("--cores", "1", "--memory", "1g", "--work-dir", str(self.folder / name)),
                )
            self.start(
                "thriftserver",
                *("spark-submit", "--master", master),
                *("--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"),
                *(
                    argument
                    for name, value in (SETTINGS | self.places()).items()
                    for argument in ("--conf", f"{name}={value}")
                ),
                "spark-internal",
                *("--hiveconf", f"hive.server2.thrift.port={self.thrift_port}"),
                *("--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1"),
                # Every new thread reconnects to the metastore, which takes longer than a query.
                *("--hiveconf", "hive.server2.async.exec.threads=4"),
                *("--hiveconf", "hive.server2.async.exec.keepalive.time=3600"),
            )
            self.wait_for_port("thriftserver", self.thrift_port)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception):
        self.stop()

    def places(self) -> dict[str, str]:
        """Return the settings that keep the driver's files in the cluster's folder."""
        return {
            "spark.driver.extraJavaOptions": (
                f"{SMALL_JVM} -Dderby.system.durability=test -Dderby.system.home={self.folder}"
                f" -Djava.io.tmpdir={self.folder}"
            ),
            "spark.sql.warehouse.dir": str(self.folder / "warehouse"),
            "spark.local.dir": str(self.folder / "local"),
        }

    def start(self, name: str, command: str, *arguments: str) -> None:
        """Start a process in its own group, with its output in a file."""
        [spark_home] = SPARK_VENV.glob("lib/python3*/site-packages/pyspark")
        environment = os.environ | {
            "SPARK_HOME": str(spark_home),
            "SPARK_CONF_DIR": str(self.folder),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "1g",
            "SPARK_DAEMON_JAVA_OPTS": SMALL_JVM,
        }
        with (self.folder / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                [spark_home / "bin" / command, *arguments],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for_port(self, name: str, port: int) -> None:
        """Wait until a process listens; raise RuntimeError with its output if it ends first."""
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline and self.processes[name].poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.2)
        raise RuntimeError(f"{name} does not listen:\n{self.log(name)[-5000:]}")

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def kill(self, name: str) -> None:
        """Kill a process as a crash would."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def stop(self) -> None:
        """End every process and its child processes."""
        for process in reversed(self.processes.values()):
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
