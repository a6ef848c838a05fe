package prior.doctor;

import prior.fault.UserFault;

/** Java and Spark are of the versions that the jobs are built and tested with. */
final class Versions {
  private static final int JAVA = 17;
  private static final String SPARK = "3.5.";
  private static final String SCALA = "2.12.";

  private Versions() {}

  static Finding java(int feature, String version, String home) {
    String found = version + " in " + home;
    return feature == JAVA
        ? Finding.ok("java", found)
        : Finding.fix(
            "java",
            UserFault.usage(
                "expected Java %d, found %s; set JAVA_HOME to a JDK %d"
                    .formatted(JAVA, found, JAVA)));
  }

  static Finding spark(String spark, String scala, String home) {
    String found = "%s with Scala %s in %s".formatted(spark, scala, home);
    return spark.startsWith(SPARK) && scala.startsWith(SCALA)
        ? Finding.ok("spark", found)
        : Finding.fix(
            "spark",
            UserFault.usage(
                "expected Spark %sx with Scala %sx, found %s; set SPARK_HOME to such a one, or"
                        .formatted(SPARK, SCALA, found)
                    + " unset it to have one assembled"));
  }
}
