package prior.train.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import prior.data.BadShard;
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

  private final String run;
  private final ComputationGraphConfiguration network;
  private final AveragingMaster.Rules rules;
  private final SharedState state;
  private final BatchLoader loader;
  private final WorkerCounters counters;
  private final int pairs;

  /**
   * @param pairs that go through the network at once; batches may be larger
   */
  WorkerRound(
      String run,
      ComputationGraphConfiguration network,
      AveragingMaster.Rules rules,
      SharedState state,
      BatchLoader loader,
      WorkerCounters counters,
      int pairs) {
    this.run = run;
    this.network = network;
    this.rules = rules;
    this.state = state;
    this.loader = loader;
    this.counters = counters;
    this.pairs = pairs;
  }

  @Override
  public Iterator<Tuple2<Share.Place, Share>> call(Integer worker, Iterator<String> batches)
      throws Exception {
    int threads = WorkerDevice.pin(TaskContext.get().cpus());
    LocalTrainer trainer =
        WorkerPool.take(
            run,
            () -> new LocalTrainer(new TrainableNetwork(network, threads), rules.ema(), pairs));
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
    Set<BadShard> bad = new LinkedHashSet<>();
    long examples = 0;
    long skipped = 0;
    long reading = 0;
    long started = System.nanoTime();
    while (batches.hasNext()) {
      long before = System.nanoTime();
      String text = batches.next();
      LoadedBatch batch = loader.read(text);
      reading += System.nanoTime() - before;
      examples += batch.rows();
      skipped += batch.skipped();
      bad.addAll(batch.bad());
      if (batch.rows() > 0) {
        steps.add(trainer.step(batch.data(), BatchSpec.name(text)));
      }
    }
    boolean finite =
        steps.stream().allMatch(LocalTrainer.Step::finite) && trainer.network().finite();
    long training = System.nanoTime() - started - reading;
    return new WorkerReport(
        worker,
        examples,
        skipped,
        finite,
        reading / 1e9,
        training / 1e9,
        0,
        steps,
        List.copyOf(bad));
  }
}
