package prior.train.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import prior.data.KeyHash;
import prior.model.TrainableNetwork;
import prior.train.BatchSpec;
import prior.train.LocalTrainer;
import scala.Tuple2;

/**
 * What a task does in a round: from the averaged state, one optimizer step for each of its batches;
 * its new state leaves in chunks.
 */
final class WorkerRound
    implements Function2<Integer, Iterator<String>, Iterator<Tuple2<Share.Place, Share>>> {
  private static final long serialVersionUID = 1;

  /** The feature with one row for each pair, however many noise draws a pair has. */
  private static final int TEXT = 2;

  private final String run;
  private final ComputationGraphConfiguration network;
  private final AveragingMaster.Rules rules;
  private final SharedState state;
  private final MultiDataSetLoader loader;
  private final WorkerCounters counters;

  WorkerRound(
      String run,
      ComputationGraphConfiguration network,
      AveragingMaster.Rules rules,
      SharedState state,
      MultiDataSetLoader loader,
      WorkerCounters counters) {
    this.run = run;
    this.network = network;
    this.rules = rules;
    this.state = state;
    this.loader = loader;
    this.counters = counters;
  }

  @Override
  public Iterator<Tuple2<Share.Place, Share>> call(Integer worker, Iterator<String> batches)
      throws Exception {
    int threads = TaskContext.get().cpus();
    LocalTrainer trainer =
        WorkerPool.take(
            run, () -> new LocalTrainer(new TrainableNetwork(network, threads), rules.ema()));
    TaskCompletionListener giveBack = context -> WorkerPool.giveBack(run, trainer);
    TaskContext.get().addTaskCompletionListener(giveBack);
    state.load(trainer);
    WorkerReport report = train(worker, batches, trainer);
    counters.add(report);
    return Chunks.of(report, trainer, rules.averageUpdater() || worker == 0);
  }

  private WorkerReport train(int worker, Iterator<String> batches, LocalTrainer trainer)
      throws Exception {
    List<LocalTrainer.Step> steps = new ArrayList<>();
    long examples = 0;
    long skipped = 0;
    long reading = 0;
    long started = System.nanoTime();
    while (batches.hasNext()) {
      long before = System.nanoTime();
      String text = batches.next();
      MultiDataSet batch = loader.load(new BatchSource(text));
      reading += System.nanoTime() - before;
      long rows = batch.getFeatures(TEXT).size(0);
      examples += rows;
      skipped += BatchSpec.parse(text).rows() - rows;
      steps.add(trainer.step(batch, KeyHash.of(text)));
    }
    boolean finite =
        steps.stream().allMatch(LocalTrainer.Step::finite) && trainer.network().finite();
    long training = System.nanoTime() - started - reading;
    return new WorkerReport(
        worker, examples, skipped, finite, reading / 1e9, training / 1e9, 0, steps);
  }
}
