package prior.data.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import prior.fault.UserFault;

/** Many small reads from a storage that may be far away, at once; the order of results stays. */
final class InParallel {
  private static final int AT_ONCE = 16;

  private InParallel() {}

  /** One result for each item; the first fault in the order of items ends it. */
  interface Read<T, R> {
    R of(T item) throws Exception;
  }

  static <T, R> List<R> map(List<T> items, Read<T, R> read) {
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, items.size())));
    try {
      List<Callable<R>> calls = new ArrayList<>();
      items.forEach(item -> calls.add(() -> read.of(item)));
      List<R> results = new ArrayList<>();
      for (Future<R> future : pool.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UserFault fault
          ? fault
          : new IllegalStateException("Cannot read many files: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot read many files: interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
