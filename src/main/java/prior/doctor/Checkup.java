package prior.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.Location;
import prior.fault.UserFault;

/**
 * Looks at everything that the jobs need of this machine.
 *
 * @param spark version
 * @param scala version
 * @param folders that jobs will write
 */
public record Checkup(String spark, String scala, List<String> folders) {

  /** Findings one by one, as they are made: loading ND4J takes a second. */
  public Stream<Finding> findings() {
    Stream<Supplier<Finding>> machine =
        Stream.of(
            () ->
                Versions.java(
                    Runtime.version().feature(),
                    System.getProperty("java.version"),
                    System.getProperty("java.home")),
            () -> Versions.spark(spark, scala, System.getenv("SPARK_HOME")),
            () -> new Memory(memory(), Runtime.getRuntime().maxMemory()).finding(),
            NativeLibrary::finding,
            () -> Gpu.here().finding(),
            () -> WriteAccess.finding("temp", Location.of(System.getProperty("java.io.tmpdir"))));
    return Stream.concat(machine.map(Supplier::get), folders.stream().map(Checkup::folder));
  }

  private static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** A path means what it means to a job: Hadoop's default file system where it has no scheme. */
  private static Finding folder(String path) {
    try {
      return WriteAccess.finding("write", HadoopLocation.of(path, HadoopLocation.configuration()));
    } catch (UserFault e) {
      return Finding.fix("write", e);
    }
  }
}
