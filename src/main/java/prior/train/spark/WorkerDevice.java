package prior.train.spark;

import java.io.Serializable;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.DeviceChoice;
import prior.fault.UserFault;
import prior.model.Card;

/**
 * Where a worker's task runs, and on what.
 *
 * @param device {@code cpu}, {@code gpu:} and the address that Spark gave, or {@code none}
 * @param note the card, or why no GPU is used; empty where nothing is to be said
 */
record WorkerDevice(int worker, String host, String executor, String device, String note)
    implements Serializable {
  private static final String GPU = "gpu";
  private static final String NONE = "none";

  /** Of the task that asks; a task's own failure would be one of Spark's, without its words. */
  static WorkerDevice ofTask(int worker, DeviceChoice choice) {
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    String executor = SparkEnv.get().executorId();
    try {
      Chosen chosen = Chosen.of(choice, address(), Card.libraryIsHere(), Card::at, host);
      return new WorkerDevice(worker, host, executor, chosen.device(), chosen.note());
    } catch (UserFault e) {
      return new WorkerDevice(worker, host, executor, NONE, e.getMessage());
    }
  }

  /** Whether the choice cannot be had; the note says why. */
  boolean refused() {
    return device.equals(NONE);
  }

  /**
   * Brings the task's own thread to its GPU; nothing on processors. A worker on a GPU has one
   * thread, for others would be on whatever card ND4J deals them.
   *
   * @return the threads that the worker may use
   */
  static int pin(int threads) {
    Optional<String> address = address();
    if (!Card.libraryIsHere() || address.isEmpty()) {
      return threads;
    }
    Nd4j.getAffinityManager().unsafeSetDevice(Integer.valueOf(address.get()));
    return 1;
  }

  private static Optional<String> address() {
    ResourceInformation given = TaskContext.get().resourcesJMap().get(GPU);
    return given == null || given.addresses().length == 0
        ? Optional.empty()
        : Optional.of(given.addresses()[0]);
  }

  /** A device, and what is to be said of it. */
  record Chosen(String device, String note) {
    /**
     * What a choice comes to. A jar holds ND4J's library for one kind of device, so there is
     * nothing to fall back to in one that was built for GPUs.
     *
     * @param address of the task's GPU
     * @param cuda whether the jar was built with -Dcuda
     */
    static Chosen of(
        DeviceChoice choice,
        Optional<String> address,
        boolean cuda,
        Function<String, Optional<Card>> cards,
        String host) {
      Optional<Card> card = cuda ? address.flatMap(cards) : Optional.empty();
      String lacking = lacking(address, cuda, card);
      boolean wanted = choice == DeviceChoice.GPU || (choice == DeviceChoice.AUTO && cuda);
      if (wanted && !lacking.isEmpty()) {
        throw UserFault.resources("Cannot use a GPU on %s: %s".formatted(host, lacking));
      }
      if (choice == DeviceChoice.CPU && cuda) {
        throw UserFault.resources(
            "Cannot use the processor on %s: expected ND4J's library for it, found the one for GPUs;"
                    .formatted(host)
                + " build without -Dcuda, or set spark.device = auto");
      }
      return switch (choice) {
        case CPU -> new Chosen("cpu", "");
        case AUTO, GPU ->
            lacking.isEmpty()
                ? new Chosen(GPU + ":" + address.orElseThrow(), card.map(Card::toString).orElse(""))
                : new Chosen("cpu", address.isEmpty() ? "" : "no GPU: " + lacking);
      };
    }

    private static String lacking(Optional<String> address, boolean cuda, Optional<Card> card) {
      if (address.isEmpty()) {
        return "expected one given to the task, found none; set --conf"
            + " spark.executor.resource.gpu.amount=1 --conf spark.task.resource.gpu.amount=1 --conf"
            + " spark.executor.resource.gpu.discoveryScript=conf/gpu-discovery.sh";
      }
      if (!cuda) {
        return "expected ND4J's library for GPUs, found the one for processors (the task has gpu:"
            + address.get()
            + "); build with -Dcuda";
      }
      if (card.isPresent() && !card.get().supported()) {
        return "expected compute capability 3.7 to 8.9, found "
            + card.get()
            + "; choose another card, or a build without -Dcuda";
      }
      return "";
    }
  }
}
