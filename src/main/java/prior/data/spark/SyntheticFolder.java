package prior.data.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import prior.data.DataFaults;
import prior.data.FloatFormat;
import prior.data.NpyWriter;
import prior.data.SyntheticPairs;

/** Writes synthetic pairs as clip-retrieval would: fp16 shards and metadata with captions. */
public final class SyntheticFolder {
  private static final MessageType METADATA =
      MessageTypeParser.parseMessageType(
          "message metadata { optional binary image_path (STRING);"
              + " optional binary caption (STRING); }");

  private SyntheticFolder() {}

  /**
   * Makes a folder of shards, one Spark task each; it appears when it is complete.
   *
   * @param rows pairs in all
   * @param rowsPerShard pairs in every shard but the last
   */
  public static void write(
      SparkSession spark,
      String output,
      boolean overwrite,
      long seed,
      int width,
      long rows,
      int rowsPerShard) {
    Configuration conf = spark.sparkContext().hadoopConfiguration();
    try (StagedFolder folder = new StagedFolder(conf, output, overwrite)) {
      List<Shard> shards = new ArrayList<>();
      for (long from = 0; from < rows; from += rowsPerShard) {
        int count = (int) Math.min(rowsPerShard, rows - from);
        shards.add(new Shard(folder.path().toString(), shards.size(), seed, width, from, count));
      }
      SerializableConfiguration sent = new SerializableConfiguration(conf);
      VoidFunction<Shard> write = shard -> shard.write(sent.value());
      new JavaSparkContext(spark.sparkContext())
          .parallelize(shards, Math.max(1, shards.size()))
          .foreach(write);
      folder.publish();
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      throw SparkFailure.cause(e);
    }
  }

  /** The pairs from .. from + count as shard number. */
  private record Shard(String folder, int number, long seed, int width, long from, int count)
      implements Serializable {

    void write(Configuration conf) throws IOException {
      SyntheticPairs pairs = new SyntheticPairs(seed, width);
      float[] text = new float[width];
      float[] image = new float[width];
      try (NpyWriter texts = npy(conf, ClipSide.TEXT);
          NpyWriter images = npy(conf, ClipSide.IMAGE);
          ParquetWriter<Group> table = table(conf)) {
        for (long row = from; row < from + count; row++) {
          String caption = pairs.fill(row, text, image);
          texts.writeRows(text, 1);
          images.writeRows(image, 1);
          Group group = new SimpleGroupFactory(METADATA).newGroup();
          table.write(
              group
                  .append("image_path", "synthetic/%09d.png".formatted(row))
                  .append("caption", caption));
        }
      } catch (IOException e) {
        throw DataFaults.storage("write", folder + " shard " + number, e);
      }
    }

    private NpyWriter npy(Configuration conf, ClipSide side) throws IOException {
      Path path = new Path(folder, side.file(number));
      FileSystem fs = path.getFileSystem(conf);
      return new NpyWriter(fs.create(path, true), FloatFormat.FP16, count, width);
    }

    private ParquetWriter<Group> table(Configuration conf) throws IOException {
      return ExampleParquetWriter.builder(new Path(folder, ClipSide.TABLE.file(number)))
          .withType(METADATA)
          .withConf(conf)
          .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
          .build();
    }
  }
}
