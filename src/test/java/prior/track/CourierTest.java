package prior.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CourierTest {
  private static final Courier.Timing PATIENT = timing(30_000, 30_000);

  private final List<Long> taken = new CopyOnWriteArrayList<>();
  private final List<Long> openedAfter = new CopyOnWriteArrayList<>();
  private final List<Outcome> ends = new CopyOnWriteArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();

  private static Courier.Timing timing(long answer, long end) {
    return new Courier.Timing(
        Duration.ofMillis(answer),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(end));
  }

  @FunctionalInterface
  private interface Trouble {
    void before(int call) throws Exception;
  }

  /** Notes what it takes, unless trouble comes first. */
  private Courier courier(Courier.Timing timing, Trouble trouble) {
    AtomicInteger calls = new AtomicInteger();
    Courier.Opening opening =
        after -> {
          openedAfter.add(after);
          return new Tracker() {
            @Override
            public void track(List<Measurement> measured) throws Exception {
              trouble.before(calls.incrementAndGet());
              measured.forEach(one -> taken.add(one.step()));
            }

            @Override
            public void end(Outcome outcome) {
              ends.add(outcome);
            }

            @Override
            public void close() {
              closed.incrementAndGet();
            }
          };
        };
    return new Courier("the test's tracker", opening, 7, timing);
  }

  private static List<Long> give(Courier courier, long steps) {
    List<Long> given = new ArrayList<>();
    LongStream.rangeClosed(1, steps).map(i -> 7 + i).forEach(given::add);
    given.forEach(step -> courier.give(new Measurement(step, step, 0, Map.of("loss", 1.0))));
    return given;
  }

  private static void end(Courier courier) {
    courier.end(Outcome.FINISHED);
    courier.leave();
  }

  @Test
  void allThatIsGivenArrivesOnceInItsOrderAndThenTheEnd() {
    Courier courier = courier(PATIENT, call -> {});
    List<Long> given = give(courier, 300);
    end(courier);
    assertThat(taken).isEqualTo(given);
    assertThat(openedAfter).containsExactly(7L);
    assertThat(ends).containsExactly(Outcome.FINISHED);
    assertThat(closed).hasValue(1);
  }

  @Test
  void aTrackerThatThrowsIsOpenedAnewAfterTheLastStepItTook() {
    Courier courier =
        courier(
            PATIENT,
            call -> {
              if (call == 2 || call == 3) {
                throw new IllegalStateException("the server is away");
              }
            });
    List<Long> given = give(courier, 300);
    end(courier);
    assertThat(taken).isEqualTo(given);
    assertThat(openedAfter).hasSize(3).startsWith(7L);
    assertThat(openedAfter.get(1)).isEqualTo(openedAfter.get(2)).isGreaterThan(7L);
    assertThat(closed).hasValue(3);
  }

  @Test
  void anErrorIsNoMoreThanAnExceptionAndTheRunEndsWithoutATracker() {
    Courier courier =
        courier(
            timing(30_000, 100),
            call -> {
              throw new NoClassDefFoundError("org/mlflow/tracking/MlflowClient");
            });
    give(courier, 300);
    end(courier);
    assertThat(taken).isEmpty();
    assertThat(ends).isEmpty();
  }

  @Test
  void aTrackerThatHangsIsLeftBehindAndItsMeasurementsGoToTheNext() {
    CountDownLatch never = new CountDownLatch(1);
    Courier courier =
        courier(
            timing(200, 30_000),
            call -> {
              if (call == 1) {
                never.await();
              }
            });
    List<Long> given = give(courier, 300);
    end(courier);
    assertThat(taken).isEqualTo(given);
    assertThat(openedAfter).containsExactly(7L, 7L);
  }

  @Test
  void whoGivesNeverWaitsForATrackerThatHangs() {
    CountDownLatch never = new CountDownLatch(1);
    Courier courier = courier(timing(60_000, 1), call -> never.await());
    give(courier, 30_000); // three times what is kept
    end(courier);
    assertThat(taken).isEmpty();
  }
}
