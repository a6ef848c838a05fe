package prior.track;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import prior.conf.MlflowConf;
import prior.data.spark.TextFile;

/**
 * A run on an MLflow server. Its id is kept in the run folder's {@code mlflow.txt}; a run that goes
 * on goes on there too, and of each metric leaves out the steps that the server has: done again,
 * they gave the same numbers.
 */
final class MlflowTracker implements Tracker {
  /** The most of one request (MLflow's REST API, runs/log-batch). */
  private static final int METRICS = 1000;

  private static final int PARAMETERS = 100;
  private static final int PARAMETER_LENGTH = 500;
  private static final int GONE = 404;

  private final MlflowClient client;
  private final String id;
  private final Map<String, Long> known;

  private MlflowTracker(MlflowClient client, String id, Map<String, Long> known) {
    this.client = client;
    this.id = id;
    this.known = known;
  }

  /** Goes on with the folder's run, or begins one. */
  static MlflowTracker open(MlflowConf conf, Tracking.Run run) throws IOException {
    MlflowClient client = new MlflowClient(conf.uri());
    Path file = new Path(run.folder(), "mlflow.txt");
    Optional<MlflowTracker> before = Optional.empty();
    if (run.fs().exists(file)) {
      List<String> lines = new ArrayList<>();
      TextFile.lines(run.fs(), file, lines::add);
      before = goOn(client, lines.get(0));
    }
    if (before.isPresent()) {
      return before.get();
    }
    String id = begin(client, conf, run);
    TextFile.write(run.fs(), file, id + "\n");
    return new MlflowTracker(client, id, Map.of());
  }

  private static Optional<MlflowTracker> goOn(MlflowClient client, String id) {
    Map<String, Long> known = new HashMap<>();
    try {
      client
          .getRun(id)
          .getData()
          .getMetricsList()
          .forEach(metric -> known.put(metric.getKey(), metric.getStep()));
      client.sendPost(
          "runs/update", "{\"run_id\": \"" + id + "\", \"status\": \"" + RunStatus.RUNNING + "\"}");
      return Optional.of(new MlflowTracker(client, id, known));
    } catch (MlflowHttpException e) {
      if (e.getStatusCode() != GONE) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static String begin(MlflowClient client, MlflowConf conf, Tracking.Run run) {
    String experiment =
        client
            .getExperimentByName(conf.experiment())
            .map(Experiment::getExperimentId)
            .orElseGet(() -> client.createExperiment(conf.experiment()));
    String id = client.createRun(experiment).getRunId();
    client.setTag(
        id, "mlflow.runName", conf.runName() == null ? run.folder().getName() : conf.runName());
    List<Param> parameters = new ArrayList<>();
    run.settings().forEach((key, value) -> parameters.add(parameter(key, value)));
    for (int from = 0; from < parameters.size(); from += PARAMETERS) {
      int to = Math.min(from + PARAMETERS, parameters.size());
      client.logBatch(id, List.of(), parameters.subList(from, to), List.of());
    }
    return id;
  }

  private static Param parameter(String key, String value) {
    String shown = value.substring(0, Math.min(value.length(), PARAMETER_LENGTH));
    return Param.newBuilder().setKey(key).setValue(shown).build();
  }

  @Override
  public void track(List<Measurement> measured) {
    List<Metric> metrics = new ArrayList<>();
    for (Measurement one : measured) {
      one.values()
          .forEach(
              (name, value) -> {
                if (one.step() > known.getOrDefault(name, -1L)) {
                  metrics.add(metric(one, name, value));
                }
              });
    }
    for (int from = 0; from < metrics.size(); from += METRICS) {
      int to = Math.min(from + METRICS, metrics.size());
      client.logBatch(id, metrics.subList(from, to), List.of(), List.of());
    }
  }

  private static Metric metric(Measurement one, String name, double value) {
    return Metric.newBuilder()
        .setKey(name)
        .setValue(value)
        .setTimestamp(one.millis())
        .setStep(one.step())
        .build();
  }

  @Override
  public void end(Outcome outcome) {
    switch (outcome) {
      case FINISHED -> client.setTerminated(id, RunStatus.FINISHED);
      case FAILED -> client.setTerminated(id, RunStatus.FAILED);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
