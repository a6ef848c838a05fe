package prior.doctor;

import java.util.Locale;
import prior.fault.UserFault;

/**
 * The machine's memory, and the most that the driver's heap may take of it.
 *
 * @param machine bytes that this machine, or its container, has
 * @param heap bytes
 */
record Memory(long machine, long heap) {
  private static final double GIB = 1L << 30;

  /** For ND4J's arrays, which lie outside the heap, and the JVM itself. */
  private static final long BESIDE = 2L << 30;

  Finding finding() {
    String found =
        String.format(
            Locale.ROOT,
            "%.1f GB, of which the driver's heap may take %.1f",
            machine / GIB,
            heap / GIB);
    return machine >= heap + BESIDE
        ? Finding.ok("memory", found)
        : Finding.fix(
            "memory",
            UserFault.resources(
                "expected 2 GB beside the heap, found "
                    + found
                    + "; lower it with --driver-memory "
                    + Math.max(1, (machine - BESIDE) >> 30)
                    + "g before --"));
  }
}
