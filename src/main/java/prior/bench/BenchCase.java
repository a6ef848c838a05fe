package prior.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import prior.conf.Settings;
import prior.fault.UserFault;

/**
 * One thing to measure, by name: {@code train-M}, {@code train-M-pooled}, {@code sample-M}, {@code
 * sample-M-pooled-cfg}, {@code gemm}, {@code read}, {@code average}.
 */
public final class BenchCase {
  private static final String NAMES =
      "train-{S,M,L}[-pooled], sample-{S,M,L}[-pooled][-cfg], gemm, read or average";

  private final String name;
  private final Request request;

  /**
   * How to measure.
   *
   * @param threads Java threads a worker uses
   * @param seconds of each case, warm-up included
   * @param input Parquet of pairs for {@code read}; null without
   * @param sets settings over those of a preset
   */
  public record Request(int threads, double seconds, String input, List<String> sets) {}

  private BenchCase(String name, Request request) {
    this.name = name;
    this.request = request;
  }

  /**
   * Measures a case and returns its line of JSON.
   *
   * @throws UserFault where there is no such case
   */
  public static String measure(String name, Request request) {
    Workload workload = new BenchCase(name, request).workload();
    return Measurement.of(workload, request.seconds()).json(name, request.threads());
  }

  private Workload workload() {
    List<String> parts = new ArrayList<>(Arrays.asList(name.split("-")));
    return switch (parts.remove(0)) {
      case "train" -> new TrainWorkload(settings(parts, false), request.threads());
      case "sample" -> new SampleWorkload(settings(parts, true), request.threads());
      case "gemm" -> new GemmWorkload(request.threads());
      case "read" -> ReadWorkload.of(request.input());
      case "average" -> new AverageWorkload(request.threads());
      default -> throw unknown();
    };
  }

  private Settings settings(List<String> parts, boolean sampling) {
    if (parts.isEmpty()) {
      throw unknown();
    }
    Preset preset = preset(parts.remove(0));
    boolean pooled = parts.remove("pooled");
    List<String> sets = new ArrayList<>();
    if (sampling) {
      sets.add("infer.cond_scale=" + (parts.remove("cfg") ? 2 : 1));
    }
    if (!parts.isEmpty()) {
      throw unknown();
    }
    sets.addAll(request.sets());
    return preset.settings(pooled, sets);
  }

  private Preset preset(String size) {
    try {
      return Preset.valueOf(size.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  private UserFault unknown() {
    return UserFault.usage("Cannot measure: expected one of " + NAMES + ", found " + name);
  }
}
