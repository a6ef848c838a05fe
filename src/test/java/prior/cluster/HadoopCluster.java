package prior.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS and YARN in the tests' own process: a name node and a data node, a resource manager and two
 * node managers, whose containers are processes. What clients need to know of them lies in a
 * folder, as {@code HADOOP_CONF_DIR}.
 */
final class HadoopCluster implements AutoCloseable {
  private static final int NODES = 2;

  /** Web pages that nobody opens tell of each of their parts. */
  private static final Logger WEB = Logger.getLogger("org.apache.hadoop.shaded");

  private final Path folder;
  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster yarn;

  HadoopCluster(Path folder) throws IOException {
    this.folder = folder;
    WEB.setLevel(Level.WARNING);
    // A name node that stops within this process would answer with its assertions; alone, it ends.
    HadoopCluster.class.getClassLoader().setPackageAssertionStatus("org.apache.hadoop", false);
    hdfs = new MiniDFSCluster.Builder(new Configuration(), folder.resolve("hdfs").toFile()).build();
    System.setProperty("test.build.data", folder.resolve("nodes").toString());
    yarn = new MiniYARNCluster("yarn", NODES, 1, 1);
    yarn.init(settings());
    yarn.start();
    writeConf();
  }

  private YarnConfiguration settings() {
    YarnConfiguration conf = new YarnConfiguration();
    conf.set("fs.defaultFS", uri(""));
    // The test's own jar of Hadoop comes without capacity-scheduler.xml.
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    conf.set("yarn.scheduler.minimum-allocation-mb", "256");
    conf.set("yarn.nodemanager.disk-health-checker.enable", "false");
    // Containers that take more than they asked for are killed, as on real clusters.
    conf.set("yarn.minicluster.control-resource-monitoring", "true");
    conf.set("yarn.nodemanager.pmem-check-enabled", "true");
    conf.set("yarn.nodemanager.vmem-check-enabled", "false");
    // Tests are shorter than the second that nodes and jobs usually wait between two words.
    conf.set("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "100");
    // What is left of a killed test ends soon.
    conf.set("yarn.resourcemanager.connect.max-wait.ms", "10000");
    conf.set("yarn.resourcemanager.connect.retry-interval.ms", "1000");
    return conf;
  }

  private void writeConf() throws IOException {
    Files.createDirectories(conf());
    Configuration core = new Configuration(false);
    core.set("fs.defaultFS", uri(""));
    write(core, "core-site.xml");
    write(yarn.getConfig(), "yarn-site.xml");
  }

  private void write(Configuration settings, String name) throws IOException {
    try (OutputStream out = Files.newOutputStream(conf().resolve(name))) {
      settings.writeXml(out);
    }
  }

  Path conf() {
    return folder.resolve("conf");
  }

  String uri(String path) {
    return hdfs.getURI() + path;
  }

  void put(Path from, String to) throws IOException {
    hdfs.getFileSystem().copyFromLocalFile(path(from.toString()), path(to));
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }

  @Override
  public void close() throws IOException {
    yarn.close();
    hdfs.shutdown(true);
  }
}
