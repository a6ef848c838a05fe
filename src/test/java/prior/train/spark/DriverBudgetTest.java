package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prior.fault.ExitStatus;
import prior.fault.UserFault;
import prior.train.StateShape;

class DriverBudgetTest {
  private static final long GIB = 1L << 30;

  private static DriverBudget budget(long parameters) {
    return new DriverBudget(new StateShape(parameters, true), 2, true);
  }

  @ParameterizedTest
  @CsvSource({
    "1000000, true, true, 2, 16000000, 32000000",
    "1000000, true, false, 2, 16000000, 24000000",
    "1000000, false, false, 4, 12000000, 24000000",
    "300000000, true, true, 512, 4800000000, 2457600000000",
    "300000000, true, false, 512, 4800000000, 1231200000000"
  })
  void whatIsMovedFollowsFromParametersAndWorkers(
      long parameters, boolean ema, boolean moments, int workers, long first, long all) {
    DriverBudget budget = new DriverBudget(new StateShape(parameters, ema), workers, moments);
    assertThat(budget.sent(0)).isEqualTo(first);
    assertThat(budget.shuffled()).isEqualTo(all);
    assertThat(budget.received()).isBetween(first, first + first / 40 + 2_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "22000000, 1073741824, 4, ''",
    "22000000, 0, 1, '--driver-memory 2g'",
    "90000000, 1073741824, 8, '--conf spark.driver.maxResultSize=2g'",
    "90000000, 0, 8, ''",
    "190000000, 2147483648, 12, '--conf spark.driver.maxResultSize=3g'",
    "190000000, 0, 8, '--driver-memory 10g'"
  })
  void theOptionToSetIsNamedWithItsValue(long parameters, long result, long heap, String option) {
    DriverBudget.Limits limits = new DriverBudget.Limits(result, heap * GIB);
    if (option.isEmpty()) {
      assertThatCode(() -> budget(parameters).check(limits)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> budget(parameters).check(limits))
          .isInstanceOfSatisfying(
              UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.RESOURCES))
          .hasMessageStartingWith("Cannot train")
          .hasMessageEndingWith("set " + option);
    }
  }

  @Test
  void bothOptionsAreNamedAtOnce() {
    assertThatThrownBy(() -> budget(190_000_000).check(new DriverBudget.Limits(GIB, GIB)))
        .hasMessage(
            "Cannot train 190,000,000 parameters: expected spark.driver.maxResultSize of at least"
                + " 2,958 MiB, found 1,024 MiB, set --conf spark.driver.maxResultSize=3g; expected"
                + " the driver's heap of at least 9,721 MiB, found 1,024 MiB, set --driver-memory"
                + " 10g");
  }

  @Test
  void moreParametersThanABufferOfMomentsHoldsAreRefusedWhateverTheMemory() {
    DriverBudget.Limits plenty = new DriverBudget.Limits(0, 1L << 50);
    budget(268_435_455).check(plenty);
    assertThatThrownBy(() -> budget(268_435_456).check(plenty))
        .hasMessageContaining("expected at most 268,435,455 parameters, found 268,435,456");
  }

  @Test
  void theLineForTheLogStatesAllOfIt() {
    assertThat(
            new DriverBudget(new StateShape(1 << 20, true), 2, false)
                .line(new DriverBudget.Limits(0, 4 * GIB)))
        .contains("1,048,576 parameters, state 16 MiB")
        .contains("sends 8 MiB (worker 0: 16 MiB)")
        .contains("shuffled 24 MiB")
        .contains("needs a heap of 576 MiB, has 4,096 MiB");
  }
}
