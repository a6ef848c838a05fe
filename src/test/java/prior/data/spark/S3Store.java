package prior.data.spark;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * S3 for tests: S3Proxy in a process of its own, objects in that process's memory. Spark's shared
 * session uses it by the settings of {@code conf/s3a.conf}.
 */
public final class S3Store {
  private static final String KEY = "key";
  private static final String SECRET = "secret";
  private static final String PREFIX = "spark.hadoop.";
  private static final int LONGEST_START = 60;

  private static AmazonS3 client;

  private S3Store() {}

  /** A new bucket, as {@code s3a://NAME}. */
  public static synchronized String bucket(String name) {
    if (client == null) {
      client = start();
    }
    client.createBucket(name);
    return "s3a://" + name;
  }

  private static AmazonS3 start() {
    try {
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      String endpoint = "http://127.0.0.1:" + port;
      Process process = process(endpoint);
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      use(LocalSpark.session().sparkContext().hadoopConfiguration(), endpoint);
      AmazonS3 s3 =
          AmazonS3ClientBuilder.standard()
              .withEndpointConfiguration(new EndpointConfiguration(endpoint, "us-east-1"))
              .withPathStyleAccessEnabled(true)
              .withCredentials(
                  new AWSStaticCredentialsProvider(new BasicAWSCredentials(KEY, SECRET)))
              .build();
      awaitAnswers(process, s3);
      return s3;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process process(String endpoint) throws IOException {
    Path settings = Files.createTempFile("s3proxy", ".properties");
    Files.writeString(
        settings,
        """
        s3proxy.endpoint=%s
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=transient
        jclouds.identity=unused
        jclouds.credential=unused
        """
            .formatted(endpoint, KEY, SECRET));
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    String jar = Path.of("target/object-store/s3proxy.jar").toString();
    return new ProcessBuilder(
            java, "-XX:TieredStopAtLevel=1", "-Xmx256m", "-jar", jar, "--properties", settings + "")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void awaitAnswers(Process process, AmazonS3 s3) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START);
    while (true) {
      try {
        s3.listBuckets();
        return;
      } catch (RuntimeException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** The recipe as it is; credentials lie where its chain of providers looks for them. */
  private static void use(Configuration hadoop, String endpoint) throws IOException {
    System.setProperty("aws.accessKeyId", KEY);
    System.setProperty("aws.secretKey", SECRET);
    Properties recipe = new Properties();
    recipe.load(new StringReader(Files.readString(Path.of("conf/s3a.conf"))));
    for (String key : recipe.stringPropertyNames()) {
      hadoop.set(key.substring(PREFIX.length()), recipe.getProperty(key).strip());
    }
    hadoop.set("fs.s3a.endpoint", endpoint);
    hadoop.set("fs.s3a.path.style.access", "true");
  }
}
