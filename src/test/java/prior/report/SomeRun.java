package prior.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import prior.conf.ConfLoader;

/** Run folders as training leaves them, with curves that can be computed by hand. */
final class SomeRun {
  /** What a stranger may call a column. */
  static final String HOSTILE = "</script><script>window.broken = true</script><!--";

  /** Points of the projection. */
  static final int PAIRS = 40;

  private SomeRun() {}

  /** Rounds alone. */
  static Path trained(Path folder, int rounds) throws IOException {
    Files.createDirectories(folder);
    Files.write(
        folder.resolve("metrics.jsonl"),
        IntStream.rangeClosed(1, rounds).mapToObj(SomeRun::round).toList());
    String config =
        ConfLoader.load(
                List.of(),
                List.of(
                    "data.train=" + folder.resolveSibling("pairs").resolve("train"),
                    "data.columns.key=\"" + HOSTILE + "\""))
            .effective();
    Files.writeString(folder.resolve("config.conf"), config);
    return folder;
  }

  /** Rounds, a validation after each tenth of them, pictures, a test and statistics of the data. */
  static Path validated(Path folder, int rounds) throws IOException {
    trained(folder, rounds);
    Files.write(
        folder.resolve("validation.jsonl"),
        IntStream.rangeClosed(1, 10).mapToObj(i -> validation(i * rounds / 10, i)).toList());
    Files.writeString(folder.resolve("validation.json"), picture(rounds));
    Files.writeString(folder.resolve("test.json"), "{\"pairs\":99,\"online\":{\"loss\":0.25}}");
    Path pairs = Files.createDirectories(folder.resolveSibling("pairs"));
    Files.writeString(
        pairs.resolve("_stats.json"),
        "{\"clip\":\"ViT-L/14\",\"rows\":16000,\"baseline_cosine\":0.25,\"image_mean\":[1,2,3],"
            + "\"splits\":{\"train\":{\"rows\":12889,\"files\":1,\"baseline_cosine\":0.3}}}");
    return folder;
  }

  static double loss(int round) {
    return 1.0 / round;
  }

  static String round(int round) {
    return String.format(
        Locale.ROOT,
        "{\"round\":%d,\"step\":%d,\"epoch\":0,\"loss\":%s,\"grad_norm\":%s,\"lr\":1.0E-4,"
            + "\"rows\":64,\"skipped\":0,\"seconds\":2.0,\"rows_per_second\":32.0,"
            + "\"read_seconds\":0.2,\"train_seconds\":1.4,\"serialise_seconds\":0.1,"
            + "\"aggregate_seconds\":0.3,\"non_finite_workers\":0}",
        round,
        5 * round,
        loss(round),
        2 * loss(round));
  }

  /** The best is the eighth. */
  static String validation(int round, int number) {
    double cosine = 0.88 - 0.01 * Math.abs(8 - number);
    return String.format(
        Locale.ROOT,
        "{\"round\":%d,\"step\":%d,\"rows_seen\":%d,\"pairs\":512,\"seconds\":1.2,"
            + "\"online\":%s,\"ema\":%s,\"samples\":[%s,%s],\"best\":%b}",
        round,
        5 * round,
        64 * round,
        losses(2.0 / number),
        losses(1.5 / number),
        sample("online", 64, cosine - 0.1),
        sample("ema", 64, cosine),
        number <= 8);
  }

  private static String losses(double loss) {
    String byTime =
        IntStream.range(0, 10)
            .mapToObj(i -> Double.toString(loss * (i + 1) / 5))
            .collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT,
        "{\"loss\":%s,\"loss_by_time\":[%s],\"squared_error\":%s}",
        loss,
        byTime,
        loss / 512);
  }

  static String sample(String weights, int steps, double cosine) {
    return String.format(
        Locale.ROOT,
        "{\"weights\":\"%s\",\"steps\":%d,\"cosine_predicted_image\":%s,"
            + "\"cosine_predicted_text\":0.31,\"cosine_text_image\":0.3,"
            + "\"cosine_predicted_unrelated_text\":0.07,\"cosine_difference\":0.01,"
            + "\"cosine_mean_image\":0.74,\"recall_at_1\":0.3,\"recall_at_5\":0.6,"
            + "\"recall_at_10\":0.7,\"diversity\":0.11}",
        weights,
        steps,
        cosine);
  }

  /** True points on a line from left to right, each prediction above its own. */
  private static String picture(int round) {
    return String.format(
        Locale.ROOT,
        "{\"round\":%d,\"histograms\":{\"edges\":[0.0,0.25,0.5,0.75,1.0],"
            + "\"own_image\":[0,0,3,7],\"unrelated_image\":[1,8,1,0],\"mean_image\":[0,2,8,0]},"
            + "\"projection\":{\"predicted\":[%s],\"image\":[%s]}}",
        round,
        points(1),
        points(0));
  }

  private static String points(int height) {
    return IntStream.range(0, PAIRS)
        .mapToObj(i -> "[" + i + "," + height + "]")
        .collect(Collectors.joining(","));
  }
}
