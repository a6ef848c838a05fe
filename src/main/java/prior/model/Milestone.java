package prior.model;

/** How many layers a stack has done, for another lane that waits for them. */
final class Milestone {
  private int done;
  private boolean abandoned;

  /** Before the lanes start. */
  synchronized void restart() {
    done = 0;
    abandoned = false;
  }

  synchronized void reach(int layers) {
    done = layers;
    notifyAll();
  }

  /** Wakes whoever waits for a lane that failed. */
  synchronized void abandon() {
    abandoned = true;
    notifyAll();
  }

  synchronized void await(int layers) {
    try {
      while (done < layers && !abandoned) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandoned = true;
    }
    if (abandoned) {
      throw new IllegalStateException("Cannot go on: the lane waited for has failed");
    }
  }
}
